-- How often each hook of a plugin failed since its version came, and where last: types and places, no words.
CREATE TABLE plugin_failure (
    id ID NOT NULL PRIMARY KEY,
    plugin TEXT NOT NULL,
    hook TEXT NOT NULL,
    times BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    last_at MOMENT NOT NULL,
    UNIQUE (plugin, hook)
);
