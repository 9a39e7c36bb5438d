"""What it means to start, stop, restart or reload a service, or to end a process: facts, and the logs of both."""

from corpenv.company.hosts import EXECUTE, READ, Process, Server, Service
from corpenv.company.machines import find_file, find_service, new_pid
from corpenv.company.registry import find_job
from corpenv.company.servicing import line_of
from corpenv.events import FileAppended, JobCancelled, ProcessEnded, ProcessPaused, ServiceChanged
from corpenv.shell.base import SYSLOG, Session
from corpenv.shell.cgroups import UNITS as UNITS
from corpenv.shell.cgroups import end_others, run_others, said_in, same

VERBS = ("start", "stop", "restart", "reload", "enable", "disable")
OTHERWISE = {"try-restart": "restart", "reload-or-restart": "restart", "force-reload": "reload"}
"""Other words for a verb."""
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
    """What is logged where a service ends as it was asked to, with all that it left behind."""
    session.log(server, SYSLOG, "systemd[1]", f"Stopping {service.id}.service - {service.title}...")
    write(session, server, service, "received SIGTERM, shutting down")
    end_others(session, server, service)
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
    now = find_file(session.company, server.id, program)
    works = command == first and same(session, now, server.files.get(program))
    pid = new_pid(session.company, server)
    change(session, server, service, verb, status="running", pid=pid, command=command, working=works)
    session.log(server, SYSLOG, "systemd[1]", f"Started {service.id}.service - {service.title}.")
    begun = find_service(session.company, server.id, service.id) or service
    if works:
        write(session, server, begun, f"started{told(service)}")
    run_others(session, server, begun, command, works)


def command_of(session: Session, server: Server, service: Service) -> str:
    """What the unit of a service says that it runs."""
    return "".join([*said_in(session, server, service, "ExecStart")][-1:]) or service.command


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
