"""The people of the demo and what they write: invented, with names of many origins."""

from __future__ import annotations

NAMES = (
    "Amara Okonkwo", "Jonas Weidmann", "Mei-Ling Chou", "Rosa Delgado", "Tariq Haddad",
    "Signe Aaberg", "Nomvula Dlamini", "Patrick O'Rourke", "Anjali Krishnan", "Luca Ferrante",
    "Yuki Tanabe", "Fatoumata Diallo", "Gareth Llewellyn", "Ximena Quispe", "Omid Rahimi",
    "Katarzyna Zielińska", "Kofi Mensah", "Hannah Rosenthal", "Thanh Nguyễn", "Marisol Ibarra",
    "Dmitri Volkov", "Leilani Kahale", "Émile Charpentier", "Sevda Y\u0131ld\u0131z", "Ravi Chandrasekhar",
    "Ingrid Solheim", "Bashir Noorzai", "Chidinma Eze", "Mateus Carvalho", "Soo-jin Baek",
    "Delphine Marchetti", "Winona Blackhawk", "Arvid Lundgren", "Noor El-Sayed", "Tomasz Wrona",
    "Beatriz Figueiredo",
)  # fmt: skip
PRONOUNS = ("she/her", "he/him", "they/them", "", "", "")
STREETS = ("Maple Avenue", "W Division Street", "Larkspur Lane", "N Clark Street", "Mill Road")

# Subject, then what client and practice write in turn, the client first.
THREADS = (
    (
        "Thursday's time",
        "Hello, my shift moved and I can't make two o'clock on Thursday. Is there anything after four?",
        "Thank you for telling me early. Four fifteen is free, I have kept it for you until tonight.",
        "Four fifteen is perfect. See you then.",
    ),
    (
        "Parking near the office",
        "Is the garage next door still closed? I circled for ten minutes last time.",
        "It is, until the end of the month. The street behind the library is free after three.",
    ),
    (
        "Sleep diary",
        "I filled in the diary for six nights. One I forgot. Do I bring it on paper?",
        "Paper is fine, and six of seven is a good week. Bring it as it is.",
    ),
    (
        "Letter for my school",
        "The school asks for a note that I come on Tuesdays, nothing more. Could you write one?",
        "Yes. It will say that you have a standing appointment and nothing else.",
    ),
    (
        "Bringing my sister",
        "Would it be all right if my sister came along next time? She would like to understand better.",
    ),
    (
        "Invoice from last month",
        "I think one session stands twice on the last invoice. Could somebody have a look?",
        "You are right, it was entered twice. It is corrected, and I am sorry for the worry.",
    ),
    (
        "A hard week",
        "This week was harder than I expected. I am safe, I only wanted you to know before we meet.",
        "Thank you for writing. I am glad that you told me. We will begin with that on Wednesday.",
    ),
    (
        "Video link on my phone",
        "The session on my phone had no sound for the first minutes. Can we test before the next one?",
        "Of course. Come five minutes early and we will try it together.",
    ),
    (
        "Holiday in the second week",
        "We are away from the 8th to the 15th, so I would skip one. Should I cancel in the portal?",
        "Please do, then somebody else can have the time. Have a good rest.",
        "Done. Thank you!",
    ),
    (
        "The book you mentioned",
        "What was the title again of the book on worry that you mentioned at the end?",
    ),
)  # fmt: skip

QUESTIONS = (
    ("long_text", "What brings you here?", True, ()),
    ("choice", "How did you hear of us?", False, ("A friend or relative", "My doctor", "The internet")),
    ("choices", "Which times suit you?", False, ("Mornings", "Afternoons", "Evenings")),
    ("yes_no", "Have you seen a therapist before?", False, ()),
)
ANSWERS = (
    "I sleep badly since I changed jobs, and I am short with people I like.",
    "My mother died in spring. I manage, but everything is slow.",
    "We argue about the same things. I would like to understand my part in it.",
    "I am anxious before every meeting, although nothing ever happens.",
)

# Progress notes of the demo: title, then paragraphs.
NOTES = (
    (
        "Sleep and evenings",
        "Fell asleep before midnight on four of seven nights. Kept the diary and brought it along.",
        "We looked at the hour before bed: no screens, a walk after dinner. The same until next week.",
    ),
    (
        "Work and the new team",
        "Spoke up in the Tuesday meeting for the first time. Expected to be laughed at; nobody did.",
        "Practised asking for time before answering. Mood steady. No thoughts of self-harm when asked.",
    ),
    (
        "A hard weekend",
        "Argument in the family on Saturday, little sleep. Used the breathing exercise and called a friend.",
        "We wrote down the early signs and who can be called. Meet in a week, message if it gets worse.",
    ),
    (
        "What has changed since spring",
        "Went through the goals of the first session. Two of three are met in the client's own words.",
        "Agreed to meet every other week from next month.",
    ),
)

# What those who signed up wrote in the form for the practice's record, question by question.
HISTORY = (
    "I would like to sleep through and to stop dreading Mondays.",
    "A counsellor at college, two years ago. Writing things down helped.",
    "Sertraline 50 mg in the morning.",
    "None that I know of.",
    "My sister, and a neighbour.",
    "I am often late because of the bus; please don't take it as a sign.",
)
