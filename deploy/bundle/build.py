"""Makes one signed archive that installs Zonary on a machine without a network: ``make bundle``.

In it: the wheels of all packages in ``requirements/bundle.txt`` for this platform and Python, our own wheel with what
the browser is given, the installer, a list of all with their SHA-256, and a signature over the list. The same tree, key
and locks give the same bytes: times are those of the last commit, names are sorted, nothing is compressed twice.

The key (Ed25519, PEM) is made when there is none. It signs for whoever hands the archive on; who installs it is told
its fingerprint some other way, for what stands in the archive can be exchanged together with it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LOCK = "requirements/bundle.txt"
LISTED, SIGNATURE, PUBLIC = "SHA256SUMS", "SHA256SUMS.sig", "signer.pem"


def main() -> None:
    parser = argparse.ArgumentParser(description="make the archive that installs without a network")
    parser.add_argument("--key", type=Path, default=ROOT / "dist" / "bundle-key.pem", help="Ed25519 key, PEM")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the archive")
    parser.add_argument("--wheels", type=Path, help="folder with the locked wheels, where they are not to be fetched")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    key = _key(options.key)
    moment = _moment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / _stem()
        _fill(folder, options.wheels, moment)
        fingerprint = _sign(folder, key)
        target = options.out / f"{folder.name}.tar"
        _pack(folder, target, moment)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target}\n  {target.stat().st_size:,} bytes, SHA-256 {digest}\n  signed by {fingerprint}")
    print("On the other machine, after tar xf: sh install.sh --signer", fingerprint)


def _stem() -> str:
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"zonary-{version('zonary')}-cp{sys.version_info.major}{sys.version_info.minor}-{platform}"


def _key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        print(f"{path} is new: keep it, and away from others.")
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        sys.exit(f"deploy/bundle/build.py: {path} is no Ed25519 key.")
    return key


def _moment() -> int:
    """Seconds of the last commit, or what ``SOURCE_DATE_EPOCH`` says."""
    if os.environ.get("SOURCE_DATE_EPOCH", "").isdigit():
        return int(os.environ["SOURCE_DATE_EPOCH"])
    done = _run("git", "log", "-1", "--format=%ct", quiet=True)
    return int(done) if done.strip().isdigit() else 0


def _fill(folder: Path, wheels: Path | None, moment: int) -> None:
    place = folder / "wheels"
    place.mkdir(parents=True)
    if wheels is not None:
        for path in sorted(wheels.glob("*.whl")):
            shutil.copyfile(path, place / path.name)
    else:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--require-hashes", "--only-binary=:all:", "--dest", str(place), "-r", LOCK)
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), ".")
    _run(*build, SOURCE_DATE_EPOCH=str(max(moment, 315_532_800)))  # zip knows no time before 1980
    shutil.copyfile(ROOT / LOCK, folder / "requirements.txt")
    shutil.copyfile(HERE / "install.sh", folder / "install.sh")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")


def _sign(folder: Path, key: Ed25519PrivateKey) -> str:
    """Write list, signature and public key; returns the fingerprint of the key."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    listed = "".join(lines).encode("ascii")
    (folder / LISTED).write_bytes(listed)
    (folder / SIGNATURE).write_bytes(key.sign(listed))
    public = key.public_key()
    (folder / PUBLIC).write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _pack(folder: Path, target: Path, moment: int) -> None:
    staged = target.with_name(f".{target.name}.new")
    with tarfile.open(staged, "w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            member.mtime, member.mode = moment, 0o644
            data = path.read_bytes()
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    staged.replace(target)


def _run(*command: str, quiet: bool = False, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode and not quiet:
        sys.exit(f"deploy/bundle/build.py: {' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
