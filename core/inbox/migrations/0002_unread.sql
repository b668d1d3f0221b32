-- A row for each reader who has not opened a thread since something new came: few, whatever the past.
CREATE TABLE inbox_unread (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID NOT NULL,
    client_id ID NOT NULL,
    thread_id ID NOT NULL,
    account_id ID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    is_of_person FLAG NOT NULL,
    UNIQUE (provider_id, id),
    UNIQUE (thread_id, account_id),
    FOREIGN KEY (provider_id, thread_id) REFERENCES inbox_thread (provider_id, id) ON DELETE RESTRICT
);
CREATE INDEX inbox_unread_of_account ON inbox_unread (account_id, provider_id);

-- What clients have not read stays unread; for members, Today tells which threads wait for an answer.
INSERT INTO inbox_unread (id, provider_id, client_id, thread_id, account_id, is_of_person)
SELECT thread.id, thread.provider_id, thread.client_id, thread.id, client.account_id, thread.kind = 'person'
FROM inbox_thread AS thread
JOIN client ON client.id = thread.client_id AND client.account_id IS NOT NULL
LEFT JOIN inbox_reading AS reading
    ON reading.thread_id = thread.id AND reading.account_id = client.account_id
WHERE thread.audience = 'both'
    AND thread.client_news_at IS NOT NULL
    AND (reading.read_at IS NULL OR reading.read_at < thread.client_news_at);

DROP TABLE inbox_reading;
ALTER TABLE inbox_thread DROP COLUMN client_news_at;
ALTER TABLE inbox_thread DROP COLUMN member_news_at;
