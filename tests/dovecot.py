"""A real Dovecot as an ordinary process: a folder of its own, free ports, users with a password each."""

from __future__ import annotations

import datetime
import ipaddress
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port

BINARY = Path("/usr/sbin/dovecot")
PASSWORD = "loge-royale-7"
_serial = count(1)


@dataclass(frozen=True)
class Dovecot:
    """A running server: where it listens, and the folders of its users."""

    folder: Path
    port: int
    tls_port: int
    certificate: Path

    def maildir(self, user: str, name: str = "INBOX") -> Path:
        """Where letters of a user's folder lie."""
        home = self.folder / "mail" / user
        return home if name == "INBOX" else home / f".{name}"

    def drop(self, user: str, *letters: bytes) -> None:
        """Letters arrive in a user's inbox."""
        inbox = self.maildir(user)
        for part in ("cur", "new", "tmp"):
            _made(inbox / part)
        for letter in letters:
            name = f"{int(time.time())}.{next(_serial):06d}.test"
            (inbox / "tmp" / name).write_bytes(letter)
            _given(inbox / "tmp" / name)
            (inbox / "tmp" / name).rename(inbox / "new" / name)

    def count(self, user: str, name: str = "INBOX") -> int:
        """How many letters lie in a folder."""
        found = self.maildir(user, name)
        return sum(len(list((found / part).glob("*"))) for part in ("cur", "new") if (found / part).exists())

    def seen(self, user: str) -> int:
        """How many letters of the inbox are marked as seen."""
        return sum("S" in path.name.rpartition(",")[2] for path in (self.maildir(user) / "cur").glob("*,*"))


def _mail_user() -> pwd.struct_passwd:
    # Dovecot opens no mail as root.
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _given(path: Path) -> None:
    if os.getuid() == 0:
        os.chown(path, _mail_user().pw_uid, _mail_user().pw_gid)


def _made(path: Path) -> None:
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir()
            _given(folder)


@contextmanager
def running() -> Iterator[Dovecot]:
    """Start Dovecot and end it; a test without Dovecot says so by name."""
    if not BINARY.exists():
        pytest.skip("dovecot is not installed (dovecot-imapd)")
    folder = Path(tempfile.mkdtemp(prefix="guichet-dovecot-"))
    folder.chmod(0o755)
    _made(folder / "mail")
    server = Dovecot(folder, free_port(), free_port(), folder / "cert.pem")
    certify(server.certificate, folder / "key.pem")
    (folder / "dovecot.conf").write_text(_configuration(server))
    process = subprocess.Popen([str(BINARY), "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait_for_greeting(server, process)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_greeting(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    import imaplib

    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError((process.stderr.read() if process.stderr else b"").decode())
        try:
            imaplib.IMAP4("127.0.0.1", server.port, timeout=5).logout()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((server.folder / "log").read_text())


def _configuration(server: Dovecot) -> str:
    user, me = _mail_user().pw_name, pwd.getpwuid(os.getuid()).pw_name
    own = "" if os.getuid() == 0 else f"default_internal_user = {me}\ndefault_login_user = {me}\n"
    group = "" if os.getuid() == 0 else f"default_internal_group = {_group_name()}\n"
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {server.folder}/run
state_dir = {server.folder}/state
log_path = {server.folder}/log
{own}{group}
ssl = yes
ssl_cert = <{server.certificate}
ssl_key = <{server.folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_uid = {user}
mail_gid = {_mail_user().pw_gid}
mail_home = {server.folder}/mail/%u
mail_location = maildir:{server.folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 100
auth_failure_delay = 0 secs
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={_mail_user().pw_gid} home={server.folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _group_name() -> str:
    import grp

    return grp.getgrgid(os.getgid()).gr_name


def certify(certificate: Path, key_path: Path) -> None:
    """Write a certificate of this machine, signed by nobody else, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
