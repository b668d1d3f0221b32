-- Subscriptions in time, plugins that the operator switched off, plugins ever seen, and who changed what.
-- known_plugin and switch_change name plugins by their folder's name: the folder may be gone.
ALTER TABLE subscription ADD COLUMN from_at MOMENT;
ALTER TABLE subscription ADD COLUMN until_at MOMENT;

-- A row stands for "off": for one provider, or without one everywhere.
CREATE TABLE plugin_switch (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID REFERENCES provider (id) ON DELETE RESTRICT,
    plugin TEXT NOT NULL,
    changed_at MOMENT NOT NULL,
    changed_by ID REFERENCES account (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX plugin_switch_everywhere ON plugin_switch (plugin) WHERE provider_id IS NULL;
CREATE UNIQUE INDEX plugin_switch_of_provider ON plugin_switch (provider_id, plugin)
    WHERE provider_id IS NOT NULL;

CREATE TABLE known_plugin (
    id ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    version TEXT NOT NULL,
    needs JSONTEXT NOT NULL,
    gates JSONTEXT NOT NULL,
    first_seen_at MOMENT NOT NULL,
    last_seen_at MOMENT NOT NULL,
    forgotten_at MOMENT
);

CREATE TABLE switch_change (
    id ID NOT NULL PRIMARY KEY,
    provider_id ID REFERENCES provider (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('subscription', 'plugin')),
    name TEXT NOT NULL,
    is_on FLAG NOT NULL,
    from_at MOMENT,
    until_at MOMENT,
    reason SEALED,
    changed_at MOMENT NOT NULL,
    changed_by ID REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX switch_change_of_provider ON switch_change (provider_id, changed_at);
CREATE INDEX switch_change_of_name ON switch_change (kind, name, changed_at);
