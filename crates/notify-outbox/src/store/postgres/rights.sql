-- Workers, and whoever looks after the outbox.
GRANT USAGE ON SCHEMA notify_outbox TO worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA notify_outbox TO worker;
-- Producers.
GRANT USAGE ON SCHEMA notify_outbox TO producer;
GRANT SELECT ON notify_outbox.about TO producer;
GRANT SELECT, INSERT ON notify_outbox.messages TO producer;
GRANT INSERT ON notify_outbox.payloads TO producer;
