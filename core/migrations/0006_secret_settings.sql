-- A plugin's secret setting is sealed, its `value` then empty.
ALTER TABLE plugin_setting ADD COLUMN sealed SEALED;
