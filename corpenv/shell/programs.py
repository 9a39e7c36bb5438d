"""Names of the programs a machine has, and of those an interpreter brings that no machine has."""

BROUGHT = """
[ arch awk b2sum base32 base64 basename basenc bash bc bunzip2 bzcat bzip2 cat chgrp chmod chown cksum clear cmp column
comm cp curl cut date dd df diff dirname du echo egrep env envsubst expand expr factor false fgrep file find flock fmt
fold free gawk getconf grep groups gunzip gzip head hexdump hostid hostname iconv id install join jq kill less link ln
locale logname ls man mawk md5sum mkdir mkfifo mktemp more mv nano nice nl nohup nproc numfmt od openssl paste
patch pgrep pkill pr printenv printf ps pwd readlink realpath rev rm rmdir sed seq sh sha1sum sha224sum sha256sum
sha384sum sha512sum shasum shuf sleep sort split stat strings sudo sum sync tac tail tar tee test timeout touch tr
tree true truncate tsort tty uname unexpand uniq unlink uptime users uuidgen vi watch wc wget which who whoami
xargs xxd yes
"""
ADDED = """
adduser apt apt-get at atq atrm batch chattr chpasswd chroot crontab deluser dig dmesg dpkg dpkg-query fallocate
findmnt fuser getent git gpasswd groupadd halt host hostnamectl ip iptables iptables-restore iptables-save
journalctl killall last lastlog logger lsattr lsblk lscpu lsmod lsof mount nc netcat netstat nft nsenter nslookup
nvidia-smi passwd perl pidof ping poweroff pstree python3 reboot renice rsync runuser scp script service setpriv
setsid sftp shred shutdown ss ssh ssh-copy-id ssh-keygen su swapon sysctl systemctl systemd-detect-virt systemd-run
timedatectl top umount unshare useradd userdel usermod uuidgen vim visudo vmstat w whereis zcat
"""
PROGRAMS = tuple(sorted({*BROUGHT.split(), *ADDED.split()}))
ADMINS = """
adduser chpasswd chroot deluser groupadd halt iptables iptables-restore iptables-save nft poweroff reboot runuser
service shutdown swapon useradd userdel usermod visudo
"""
DAEMONS = ("cron", "rsyslogd", "sshd")
"""Programs that every machine runs all the time."""
OF_ADMIN = frozenset((*ADMINS.split(), *DAEMONS))
"""Programs in the folders of those who look after a machine."""
OF_OWNER = frozenset({"crontab", "gpasswd", "mount", "passwd", "su", "sudo", "umount"})
"""Programs that run as their owner or group, and see for themselves what whoever calls them may."""
FOREIGN = (
    "assert", "busybox", "csv", "dotenv", "expand-template", "glob", "help", "http", "json", "log", "make", "nawk",
    "parallel", "retry", "rg", "semver", "template", "tomlq", "unzip", "verify", "yq", "zip",
)  # fmt: skip
"""What an interpreter brings and a server has not."""
HINTED = """
apk brew bun cargo clang cmake dnf doas docker emacs g++ gcc go info javac kubectl node npm pacman pip pip3 pnpm podman
python rustc yarn yum
"""
ABSENT = tuple(HINTED.split())
"""What no server here has, and an interpreter has more to say of than that."""
