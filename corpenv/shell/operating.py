"""What it means to start, stop, restart or reload a service, or to end a process: facts, and the logs of both."""

from corpenv.company.hosts import Server, Service
from corpenv.company.machines import find_file, find_service, new_pid
from corpenv.events import FileAppended, ProcessEnded, ServiceChanged
from corpenv.shell.base import SYSLOG, Session

VERBS = ("start", "stop", "restart", "reload", "enable", "disable")


def operate(session: Session, server: Server, name: str, verb: str) -> None:
    """Do one of `VERBS` to a service that exists; what is so already is done again only if that is asked."""
    service = find_service(session.company, server.id, name)
    assert service is not None
    running = service.status == "running"
    if verb in ("enable", "disable"):
        if service.enabled != (verb == "enable"):
            change(session, server, service, verb, service.status, service.pid, verb == "enable")
    elif verb == "reload":
        if running:
            change(session, server, service, verb, "running", service.pid, service.enabled)
            write(session, server, service, f"configuration read again{told(service)}")
    else:
        if verb != "start" and running:
            ending(session, server, service)
        if verb == "restart" or (verb == "start" and not running):
            beginning(session, server, service, verb)
        elif verb == "stop" and service.status != "stopped":
            change(session, server, service, verb, "stopped", 0, service.enabled)


def ending(session: Session, server: Server, service: Service) -> None:
    """What is logged where a service ends as it was asked to."""
    session.log(server, SYSLOG, "systemd[1]", f"Stopping {service.id}.service - {service.title}...")
    write(session, server, service, "received SIGTERM, shutting down")
    session.log(server, SYSLOG, "systemd[1]", f"Stopped {service.id}.service - {service.title}.")


def beginning(session: Session, server: Server, service: Service, verb: str) -> None:
    """A service runs, with a process of its own."""
    change(session, server, service, verb, "running", new_pid(session.company, server), service.enabled)
    session.log(server, SYSLOG, "systemd[1]", f"Started {service.id}.service - {service.title}.")
    write(session, server, find_service(session.company, server.id, service.id) or service, f"started{told(service)}")


def told(service: Service) -> str:
    """What a service says it was configured from."""
    return f", configuration {' '.join(service.config)}" if service.config else ""


def change(session: Session, server: Server, service: Service, done: str, status: str, pid: int, enabled: bool) -> None:
    """A service is another now."""
    session.do(
        ServiceChanged, server=server.id, service=service.id, status=status, done=done, enabled=enabled, pid=pid
    )  # fmt: skip


def write(session: Session, server: Server, service: Service, text: str) -> None:
    """A line of the service's own log, if it keeps one and nobody took it away."""
    if service.log and find_file(session.company, server.id, service.log):
        line = f"{session.clock:%Y-%m-%dT%H:%M:%SZ} {service.id}[{service.pid}]: {text}\n"
        session.do(FileAppended, server=server.id, path=service.log, text=line)


def end(session: Session, server: Server, pid: int, service: str, signal: int) -> None:
    """A process is no more. A service that was killed has failed; one that was asked to end has stopped."""
    session.do(ProcessEnded, server=server.id, pid=pid, signal=signal)
    found = find_service(session.company, server.id, service) if service else None
    if found and found.pid == pid:
        status = "failed" if signal == 9 else "stopped"
        if signal != 9:
            write(session, server, found, "received SIGTERM, shutting down")
        change(session, server, found, "kill", status, 0, found.enabled)
        how = "code=killed, status=9/KILL" if signal == 9 else "code=exited, status=0/SUCCESS"
        session.log(server, SYSLOG, "systemd[1]", f"{found.id}.service: Main process exited, {how}")
