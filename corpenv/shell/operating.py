"""What it means to start, stop, restart or reload a service, or to end a process: facts, and the logs of both."""

from collections.abc import Iterator

from corpenv.company.hosts import EXECUTE, READ, Process, Server, Service
from corpenv.company.machines import files_of, find_file, find_service, new_pid
from corpenv.company.servicing import line_of
from corpenv.events import FileAppended, ProcessEnded, ProcessPaused, ServiceChanged
from corpenv.shell.base import SYSLOG, Session

VERBS = ("start", "stop", "restart", "reload", "enable", "disable")
OTHERWISE = {"try-restart": "restart", "reload-or-restart": "restart", "force-reload": "reload"}
"""Other words for a verb."""
UNITS = "/etc/systemd/system"
DOES_NOTHING = {"true": "stopped", "false": "failed", "echo": "stopped"}
"""Programs that end at once → what then becomes of a service that runs one."""


def operate(session: Session, server: Server, name: str, verb: str) -> None:
    """Do one of `VERBS` to a service that exists; what is so already is done again only if that is asked."""
    service = find_service(session.company, server.id, name)
    assert service is not None
    running = service.status == "running"
    if verb in ("enable", "disable"):
        if service.enabled != (verb == "enable"):
            change(session, server, service, verb, enabled=verb == "enable")
    elif verb == "reload":
        if running:
            change(session, server, service, verb)
            write(session, server, service, f"configuration read again{told(service)}")
    else:
        if verb != "start" and running:
            ending(session, server, service)
        if verb == "restart" or (verb == "start" and not running):
            beginning(session, server, service, verb)
        elif verb == "stop" and service.status != "stopped":
            change(session, server, service, verb, status="stopped", pid=0, working=True)


def ending(session: Session, server: Server, service: Service) -> None:
    """What is logged where a service ends as it was asked to."""
    session.log(server, SYSLOG, "systemd[1]", f"Stopping {service.id}.service - {service.title}...")
    write(session, server, service, "received SIGTERM, shutting down")
    session.log(server, SYSLOG, "systemd[1]", f"Stopped {service.id}.service - {service.title}.")


def beginning(session: Session, server: Server, service: Service, verb: str) -> None:
    """A service runs, with a process of its own: what its unit says, if that is there and does not end at once."""
    command = command_of(session, server, service)
    program = command.split()[0] if command.split() else ""
    status = DOES_NOTHING.get(program.rpartition("/")[2], "running")
    why = trouble(session, server, service, program)
    if why or status != "running":
        change(session, server, service, verb, status="failed" if why else status, pid=0, command=command)
        session.log(server, SYSLOG, "systemd[1]", f"{service.id}.service: {why or 'Deactivated successfully.'}")
        return
    first = server.services[service.id].command
    works = command == first and same_program(session, server, program)
    pid = new_pid(session.company, server)
    change(session, server, service, verb, status="running", pid=pid, command=command, working=works)
    session.log(server, SYSLOG, "systemd[1]", f"Started {service.id}.service - {service.title}.")
    if works:
        write(session, server, find_service(session.company, server.id, service.id) or service, f"started{told(service)}")  # fmt: skip  # noqa: E501


def command_of(session: Session, server: Server, service: Service) -> str:
    """What the unit of a service says that it runs."""
    command = ""
    for text in unit_texts(session, server, service):
        for line in text.splitlines():
            if line.startswith("ExecStart="):
                command = line.partition("=")[2].lstrip("-@:+! ").strip()
    return command or service.command


def unit_texts(session: Session, server: Server, service: Service) -> Iterator[str]:
    """The unit of a service, and what was laid over it."""
    company, folder = session.company, f"{UNITS}/{service.id}.service.d/"
    laid = sorted(each.path for each in files_of(company, server) if each.path.startswith(folder))
    for path in (f"{UNITS}/{service.id}.service", *laid):
        if file := find_file(company, server.id, path):
            yield company.text(file.text)


def trouble(session: Session, server: Server, service: Service, program: str) -> str:
    """Why a service cannot be started, or ""."""
    company, login = session.company, server.logins.get(service.account)
    now, first = find_file(company, server.id, program), server.files.get(program)
    if (first and not now) or (now and login and not now.lets(login, EXECUTE)):
        return f"Failed at step EXEC spawning {program}: {'Permission denied' if now else 'No such file or directory'}"
    for path in service.config:
        file = find_file(company, server.id, path)
        if path in server.files and (file is None or (login and not file.lets(login, READ))):
            return "Main process exited, code=exited, status=1/FAILURE"
    return ""


def same_program(session: Session, server: Server, program: str) -> bool:
    """Is a program the one that it was at the start?"""
    now, first = find_file(session.company, server.id, program), server.files.get(program)
    if now is None or first is None:
        return now is first
    return (now.sort, session.company.text(now.text)) == (first.sort, session.company.text(first.text))


def told(service: Service) -> str:
    """What a service says it was configured from."""
    return f", configuration {' '.join(service.config)}" if service.config else ""


def change(
    session: Session, server: Server, service: Service, done: str, *, status: str = "", pid: int | None = None,
    enabled: bool | None = None, command: str = "", working: bool | None = None,
) -> None:  # fmt: skip
    """A service is another now; what is not said stays as it was."""
    session.do(
        ServiceChanged, server=server.id, service=service.id, status=status or service.status, done=done,
        enabled=service.enabled if enabled is None else enabled, pid=service.pid if pid is None else pid,
        command=command if command != service.command else "",
        working=service.working if working is None else working,
    )  # fmt: skip


def write(session: Session, server: Server, service: Service, text: str) -> None:
    """A line of the service's own log, if it keeps one that it can write."""
    for line in line_of(session.company, server, service, text, session.actor) if service.working else ():
        session.do(FileAppended, server=line.server, path=line.path, text=line.text)


def end(session: Session, server: Server, pid: int, service: str, signal: int) -> None:
    """A process is no more. A service that was killed has failed; one that was asked to end has stopped."""
    session.do(ProcessEnded, server=server.id, pid=pid, signal=signal)
    found = find_service(session.company, server.id, service) if service else None
    if found and found.pid == pid:
        status = "failed" if signal == 9 else "stopped"
        if signal != 9:
            write(session, server, found, "received SIGTERM, shutting down")
        change(session, server, found, "kill", status=status, pid=0, working=True)
        how = "code=killed, status=9/KILL" if signal == 9 else "code=exited, status=0/SUCCESS"
        session.log(server, SYSLOG, "systemd[1]", f"{found.id}.service: Main process exited, {how}")


def pause(session: Session, server: Server, process: Process, stops: bool) -> None:
    """A service or another process is there and does nothing, or goes on."""
    found = find_service(session.company, server.id, process.service) if process.service else None
    if found is None and process.paused != stops:
        session.do(ProcessPaused, server=server.id, pid=process.pid, paused=stops)
    if found and found.status == "running" and found.working == stops:
        works = not stops and found.command == server.services[process.service].command
        change(session, server, found, "pause" if stops else "continue", working=works)
