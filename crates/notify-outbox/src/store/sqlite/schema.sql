-- What a message is and how far it has come. Moments are seconds since 1970.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    tag BLOB NOT NULL,
    -- 0 ready, 1 in flight, 2 in doubt, 3 in doubt for a person, 4 sent, 5 failed
    state INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    -- Who has the claim, if anybody.
    holder BLOB,
    -- Ready: not before. In flight: `leave_by`. In doubt: when to look it up, or until when its holder does.
    due INTEGER NOT NULL,
    -- In doubt: no token was minted with it later.
    sent_by INTEGER,
    -- Sent: the service's id. Failed, or for a person: why.
    answer TEXT,
    -- When it was put and finished, for people: no rule reads them.
    put_at INTEGER NOT NULL DEFAULT (unixepoch()),
    finished_at INTEGER
) STRICT;
-- What is finished is not looked for.
CREATE INDEX due ON messages (state, due, id) WHERE state < 3;
CREATE INDEX undecided ON messages (id) WHERE state = 3;
-- What is sent. Erased when it is finished.
CREATE TABLE payloads (message INTEGER PRIMARY KEY REFERENCES messages (id), body BLOB NOT NULL) STRICT;
-- Which file it is: one row.
CREATE TABLE identity (source BLOB NOT NULL, inode INTEGER NOT NULL) STRICT;
