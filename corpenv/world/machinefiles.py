"""What stands on every machine of a company before anybody wrote something: a Debian server as it was set up."""

FOLDERS = (
    ("/boot", 0o755), ("/etc", 0o755), ("/etc/apt", 0o755), ("/etc/cron.d", 0o755), ("/etc/cron.daily", 0o755),
    ("/etc/cron.hourly", 0o755), ("/etc/cron.monthly", 0o755), ("/etc/cron.weekly", 0o755), ("/etc/default", 0o755),
    ("/etc/init.d", 0o755), ("/etc/logrotate.d", 0o755), ("/etc/network", 0o755), ("/etc/pam.d", 0o755),
    ("/etc/profile.d", 0o755), ("/etc/skel", 0o755), ("/etc/ssh", 0o755), ("/etc/ssh/sshd_config.d", 0o755),
    ("/etc/ssl", 0o755), ("/etc/sudoers.d", 0o750), ("/etc/systemd", 0o755), ("/etc/systemd/system", 0o755),
    ("/home", 0o755), ("/lib", 0o755), ("/lib/systemd", 0o755), ("/media", 0o755), ("/mnt", 0o755), ("/opt", 0o755),
    ("/root", 0o700), ("/run", 0o755), ("/run/lock", 0o1777), ("/srv", 0o755), ("/sys", 0o555), ("/tmp", 0o1777),
    ("/usr/lib", 0o755), ("/usr/local", 0o755), ("/usr/local/bin", 0o755), ("/usr/local/sbin", 0o755),
    ("/usr/share", 0o755), ("/var", 0o755), ("/var/backups", 0o755), ("/var/cache", 0o755), ("/var/lib", 0o755),
    ("/var/lib/dpkg", 0o755), ("/var/log", 0o755), ("/var/mail", 0o2775), ("/var/spool", 0o755),
    ("/var/spool/cron", 0o755), ("/var/spool/cron/atjobs", 0o1770), ("/var/tmp", 0o1777),
)  # fmt: skip
"""Folders, and their permission bits."""
LINKS = (("/bin", "usr/bin"), ("/sbin", "usr/sbin"), ("/etc/localtime", "/usr/share/zoneinfo/Etc/UTC"))
"""Links, and where they lead."""

TABLE = """\
# /etc/crontab: system-wide crontab
# Unlike any other crontab you don't have to run the `crontab'
# command to install the new version when you edit this file
# and files in /etc/cron.d. These files also have username fields,
# that none of the other crontabs do.

SHELL=/bin/sh
# m h dom mon dow user	command
"""
PROFILE = """\
# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))
if [ "${PS1-}" ] && [ -f /etc/bash.bashrc ]; then
  . /etc/bash.bashrc
fi
for i in /etc/profile.d/*.sh; do
  [ -r "$i" ] && . "$i"
done
unset i
"""
BASHRC = """\
# ~/.bashrc: executed by bash(1) for non-login shells.
HISTCONTROL=ignoreboth
HISTSIZE=1000
HISTFILESIZE=2000
shopt -s checkwinsize
"""
OWN_PROFILE = """\
# ~/.profile: executed by the command interpreter for login shells.
if [ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ]; then
    . "$HOME/.bashrc"
fi
"""
SSHD = """\
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding no
PrintMotd no
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/lib/openssh/sftp-server
"""
ROTATION = """\
# see "man logrotate" for details
weekly
rotate 4
create
include /etc/logrotate.d
"""
FSTAB = """\
# <file system> <mount point>   <type>  <options>       <dump>  <pass>
/dev/vda1       /               ext4    errors=remount-ro 0       1
"""
ISSUE = "Debian GNU/Linux 12 \\n \\l\n\n"
TEXTS = (
    ("/etc/adduser.conf", "# /etc/adduser.conf: `adduser' configuration.\n", 0o644),
    ("/etc/bash.bashrc", "# System-wide .bashrc file for interactive bash(1) shells.\n", 0o644),
    ("/etc/crontab", TABLE, 0o644),
    ("/etc/debian_version", "12.9\n", 0o644),
    ("/etc/default/cron", "# Cron configuration options\nREADENV=yes\n", 0o644),
    ("/etc/fstab", FSTAB, 0o644),
    ("/etc/issue", ISSUE, 0o644),
    ("/etc/logrotate.conf", ROTATION, 0o644),
    ("/etc/nsswitch.conf", "passwd:         files\ngroup:          files\nhosts:          files dns\n", 0o644),
    ("/etc/profile", PROFILE, 0o644),
    ("/etc/skel/.bashrc", BASHRC, 0o644),
    ("/etc/skel/.profile", OWN_PROFILE, 0o644),
    ("/etc/ssh/sshd_config", SSHD, 0o644),
    ("/etc/sysctl.conf", "# /etc/sysctl.conf - Configuration file for setting system variables\n", 0o644),
    ("/etc/timezone", "Etc/UTC\n", 0o644),
    ("/var/log/alternatives.log", "update-alternatives: run with --auto editor\n", 0o644),
    ("/var/log/wtmp", "reboot\n", 0o664),
    ("/var/log/btmp", "ssh:notty\n", 0o660),
    ("/var/log/lastlog", "root\n", 0o664),
    ("/root/.bashrc", BASHRC, 0o644),
    ("/root/.profile", OWN_PROFILE, 0o644),
)
"""Files, what stands in them, and their permission bits."""
SERVICES = (
    ("cron", "Regular background program processing daemon", "/usr/sbin/cron -f"),
    ("rsyslog", "System Logging Service", "/usr/sbin/rsyslogd -n -iNONE"),
    ("ssh", "OpenBSD Secure Shell server", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"),
)
"""Services of the system itself: name, title, and what runs, as `ps` shows it."""
AT_HOME = ((".bashrc", BASHRC), (".profile", OWN_PROFILE))
"""What an account finds in its home."""
