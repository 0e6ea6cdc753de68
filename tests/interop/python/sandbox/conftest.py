from notify_sandbox import notify, notify_program  # noqa: F401
