-- When a member last looked at Today, and since when the news there counts.
CREATE TABLE practice_look (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    member_id ID NOT NULL,
    since_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (provider_id, member_id),
    FOREIGN KEY (provider_id, member_id) REFERENCES member (provider_id, id) ON DELETE RESTRICT
);
