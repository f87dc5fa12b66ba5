"""Security keys without a device: OpenSSL holds the key, and the frame of a FIDO signature is made here (OpenSSH's PROTOCOL.u2f)."""
import base64
import hashlib
import os
import shutil
import subprocess

APPLICATION = b"ssh:"
PRESENT = 1  # somebody touched it
MISSING = shutil.which("openssl") is None


def with_size(data):
    return len(data).to_bytes(4, "big") + data


def openssl(*words, stdin=b""):
    return subprocess.run(["openssl", *words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def numbers_of(der):
    """r and s of an ECDSA signature, as SSH writes numbers: DER has them in the same form."""
    at, numbers = 2, []
    for _ in range(2):
        size = der[at + 1]
        numbers.append(der[at + 2:at + 2 + size])
        at += 2 + size
    return numbers


class SecurityKey:
    """One of the two kinds that OpenSSH knows."""

    def __init__(self, kind, path):
        self.kind, self.path = kind, path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        words = ["ed25519"] if kind == "ed25519" else ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        openssl("genpkey", "-algorithm", *words, "-out", path)
        point = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
        if kind == "ed25519":
            self.name = "sk-ssh-ed25519@openssh.com"
            self.blob = with_size(self.name.encode()) + with_size(point[-32:]) + with_size(APPLICATION)
        else:
            self.name = "sk-ecdsa-sha2-nistp256@openssh.com"
            self.blob = with_size(self.name.encode()) + with_size(b"nistp256") + with_size(point[-65:]) + with_size(APPLICATION)
        self.counter = 0

    def public_key(self):
        return f"{self.name} {base64.b64encode(self.blob).decode()}"

    def sign(self, message, flags, claimed_flags=None):
        """An armoured SSHSIG in the namespace of tollbar; `claimed_flags` are those that it shows, where others were signed."""
        self.counter += 1
        frame = with_size(b"tollbar") + with_size(b"") + with_size(b"sha512")
        said = b"SSHSIG" + frame + with_size(hashlib.sha512(message).digest())
        counter = self.counter.to_bytes(4, "big")
        signed = hashlib.sha256(APPLICATION).digest() + bytes([flags]) + counter + hashlib.sha256(said).digest()
        shown = bytes([flags if claimed_flags is None else claimed_flags])
        signature = with_size(self.name.encode()) + with_size(self.raw(signed)) + shown + counter
        whole = b"SSHSIG" + (1).to_bytes(4, "big") + with_size(self.blob) + frame + with_size(signature)
        text = base64.b64encode(whole).decode()
        lines = [text[at:at + 70] for at in range(0, len(text), 70)]
        return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])

    def raw(self, signed):
        if self.kind != "ed25519":
            return b"".join(map(with_size, numbers_of(openssl("dgst", "-sha256", "-sign", self.path, stdin=signed))))
        with open(self.path + ".signed", "wb") as file:
            file.write(signed)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", self.path + ".signed")
