"""What it means to start, stop, restart or reload a service, or to end a process: facts, and the logs of both."""

from corpenv.company.hosts import EXECUTE, LOGGER, READ, ROOT, WANTS, Process, Server, Service, program_in
from corpenv.company.machines import find_file, find_service, new_pid, services_of
from corpenv.company.registry import find_job
from corpenv.company.servicing import line_of
from corpenv.company.units import at_start, last_read, loaded, on_disk, unit_path, values, why_not
from corpenv.events import (
    FileAppended,
    FileRemoved,
    FileWritten,
    JobCancelled,
    ProcessEnded,
    ProcessPaused,
    ServiceChanged,
)
from corpenv.shell.base import SYSLOG, Session
from corpenv.shell.cgroups import end_others, run_others, same
from corpenv.shell.tree import parent_of

STARTING = ("start", "restart")
VERBS = ("start", "stop", "restart", "reload", "enable", "disable", "reset-failed")
OTHERWISE = {"try-restart": "restart", "reload-or-restart": "restart", "force-reload": "reload"}
"""Other words for a verb."""
DOES_NOTHING = {"true": "stopped", "false": "failed", "echo": "stopped"}
"""Programs that end at once → what then becomes of a service that runs one."""


def operate(session: Session, server: Server, name: str, verb: str) -> None:
    """Do one of `VERBS` to a service that exists, if there is a unit to start it by; what is so already is done again
    only if that is asked.
    """
    service = find_service(session.company, server.id, name)
    assert service is not None
    if not (verb in STARTING and why_not(session.company, server, service)):
        done(session, server, service, verb)


def done(session: Session, server: Server, service: Service, verb: str) -> None:
    """What a verb comes to."""
    running = service.status == "running"
    if verb in ("enable", "disable"):
        want(session, server, service, verb)
    elif verb == "reload" and running:
        change(session, server, service, verb)
        open_logs(session, server, service)
        write(session, server, service, f"configuration read again{told(service)}")
    elif verb == "reset-failed" and service.status == "failed":
        change(session, server, service, verb, status="stopped")
    elif verb in ("start", "stop", "restart"):
        turn(session, server, service, verb, running)


def turn(session: Session, server: Server, service: Service, verb: str, running: bool) -> None:
    """A service starts, or ends, or one after the other."""
    if verb != "start" and running:
        ending(session, server, service)
    if verb == "restart" or (verb == "start" and not running):
        beginning(session, server, service, verb)
    elif verb == "stop" and service.status != "stopped":
        change(session, server, service, verb, status="stopped", pid=0, working=True)


def want(session: Session, server: Server, service: Service, verb: str) -> None:
    """A service starts with the machine from now on, or not any more: there is a link that says so, or none."""
    on, path = verb == "enable", f"{WANTS}{service.id}.service"
    if service.enabled != on:
        change(session, server, service, verb, enabled=on)
    there = find_file(session.company, server.id, path) is not None
    if on and not there:
        session.do(FileWritten, server=server.id, path=path, text=unit_path(service), mode=0o777, sort="link")
    elif there and not on:
        session.do(FileRemoved, server=server.id, path=path)


def ending(session: Session, server: Server, service: Service) -> None:
    """What is logged where a service ends as it was asked to, with all that it left behind."""
    session.log(server, SYSLOG, "systemd[1]", f"Stopping {service.id}.service - {service.title}...")
    write(session, server, service, "received SIGTERM, shutting down")
    end_others(session, server, service)
    session.log(server, SYSLOG, "systemd[1]", f"Stopped {service.id}.service - {service.title}.")


def beginning(session: Session, server: Server, service: Service, verb: str) -> None:
    """A service runs, with a process of its own: what its unit says, if that is there and does not end at once."""
    command = command_of(session, server, service)
    program = program_in(command)
    status = DOES_NOTHING.get(program.rpartition("/")[2], "running")
    why = trouble(session, server, service, program)
    if why or status != "running":
        change(session, server, service, verb, status="failed" if why else status, pid=0, command=command)
        session.log(server, SYSLOG, "systemd[1]", f"{service.id}.service: {why or 'Deactivated successfully.'}")
        return
    first = server.services[service.id].command
    now = find_file(session.company, server.id, program)
    works = command == first and same(session, now, server.first(program))
    pid = new_pid(session.company, server)
    unit = loaded(session.company, server, service)
    read = unit if unit != last_read(session.company, server, service) else None
    change(session, server, service, verb, status="running", pid=pid, command=command, working=works, unit=read)
    open_logs(session, server, service)
    session.log(server, SYSLOG, "systemd[1]", f"Started {service.id}.service - {service.title}.")
    begun = find_service(session.company, server.id, service.id) or service
    if works:
        write(session, server, begun, f"started{told(service)}")
    run_others(session, server, begun, command, works)


def open_logs(session: Session, server: Server, service: Service) -> None:
    """A service opens its logs; one that is not there is made, where its folder is."""
    login, logger = server.logins.get(service.account), service.id == LOGGER
    for path in service.logs:
        folder = find_file(session.company, server.id, parent_of(path))
        if folder and folder.sort == "directory" and find_file(session.company, server.id, path) is None:
            group = "adm" if logger else login.groups[0] if login else ROOT
            session.do(
                FileWritten, server=server.id, path=path, owner=service.account, group=group,
                mode=0o640 if logger else 0o644,
            )  # fmt: skip


def command_of(session: Session, server: Server, service: Service) -> str:
    """What the unit of a service says that it runs; the title that it runs by, if that is what it said at the start."""
    first, now = (
        "".join([*values(unit, "ExecStart")][-1:])
        for unit in (at_start(session.company, server, service), loaded(session.company, server, service))
    )
    return server.services[service.id].command if now == first else now or service.command


def trouble(session: Session, server: Server, service: Service, program: str) -> str:
    """Why a service cannot be started, or ""."""
    company, login = session.company, server.logins.get(service.account)
    now, first = find_file(company, server.id, program), server.first(program)
    if (first and not now) or (now and login and not now.lets(login, EXECUTE)):
        return f"Failed at step EXEC spawning {program}: {'Permission denied' if now else 'No such file or directory'}"
    for path in service.config:
        file = find_file(company, server.id, path)
        if path in server.files and (file is None or (login and not file.lets(login, READ))):
            return "Main process exited, code=exited, status=1/FAILURE"
    return ""


def told(service: Service) -> str:
    """What a service says it was configured from."""
    return f", configuration {' '.join(service.config)}" if service.config else ""


def change(
    session: Session, server: Server, service: Service, done: str, *, status: str = "", pid: int | None = None,
    enabled: bool | None = None, command: str = "", working: bool | None = None, unit: str | None = None,
) -> None:  # fmt: skip
    """A service is another now; what is not said stays as it was."""
    session.do(
        ServiceChanged, server=server.id, service=service.id, status=status or service.status, done=done,
        enabled=service.enabled if enabled is None else enabled, pid=service.pid if pid is None else pid,
        command=command if command != service.command else "",
        working=service.working if working is None else working, unit=unit,
    )  # fmt: skip


def read_units(session: Session, server: Server) -> None:
    """The system reads the units that say something else than when they were read."""
    for service in tuple(services_of(session.company, server)):
        unit = on_disk(session.company, server, service)
        if unit != last_read(session.company, server, service):
            change(session, server, service, "daemon-reload", unit=unit)


def write(session: Session, server: Server, service: Service, text: str) -> None:
    """A line of the service's own log, if it keeps one that it can write."""
    for line in line_of(session.company, server, service, text, session.actor) if service.working else ():
        session.do(FileAppended, server=line.server, path=line.path, text=line.text)


def end(session: Session, server: Server, process: Process, signal: int) -> None:
    """A process is no more. A service that was killed has failed; one that was asked to end has stopped. A job fails
    with each of its processes.
    """
    if process.job:
        fail(session, server, process.job, signal)
        return
    session.do(ProcessEnded, server=server.id, pid=process.pid, signal=signal)
    found = find_service(session.company, server.id, process.service) if process.service else None
    if found and found.pid == process.pid:
        status = "failed" if signal == 9 else "stopped"
        if signal != 9:
            write(session, server, found, "received SIGTERM, shutting down")
        end_others(session, server, found)
        change(session, server, found, "kill", status=status, pid=0, working=True)
        how = "code=killed, status=9/KILL" if signal == 9 else "code=exited, status=0/SUCCESS"
        session.log(server, SYSLOG, "systemd[1]", f"{found.id}.service: Main process exited, {how}")


def fail(session: Session, server: Server, job_id: str, signal: int) -> None:
    """A job of a queue is over, if it is not already, as when its processes are killed one by one."""
    job = find_job(session.company, job_id)
    if job and job.state == "running":
        session.do(JobCancelled, job_id=job.id, queue=job.queue, server=server.id, signal=signal)


def pause(session: Session, server: Server, process: Process, stops: bool) -> None:
    """A service or another process is there and does nothing, or goes on."""
    found = find_service(session.company, server.id, process.service) if process.service else None
    is_main = found is not None and found.pid == process.pid
    if not is_main and process.paused != stops:
        session.do(ProcessPaused, server=server.id, pid=process.pid, paused=stops)
    if found and is_main and found.status == "running" and found.working == stops:
        works = not stops and found.command == server.services[process.service].command
        change(session, server, found, "pause" if stops else "continue", working=works)
