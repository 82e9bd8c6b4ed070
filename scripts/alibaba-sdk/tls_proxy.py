# SPDX-License-Identifier: Apache-2.0
"""A proxy that terminates TLS in front of the emulator, because the SDK assumes roles over HTTPS only."""

import datetime
import ipaddress
import os
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


def write_certificate(certificate_path, key_path):
    """Writes a self-signed certificate for 127.0.0.1 with a lifetime of one hour, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1)).not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256()))
    with open(certificate_path, "wb") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    with open(os.open(key_path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def forward(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class TLSProxy:
    """Accepts TLS connections on loopback and forwards their bytes to an upstream HOST:PORT in plain TCP."""

    def __init__(self, upstream, folder, certificate_path):
        host, port = upstream.split(":")
        self.upstream = (host, int(port))
        key_path = os.path.join(folder, "key.pem")
        write_certificate(certificate_path, key_path)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate_path, key_path)
        self.listener = socket.create_server((LOOPBACK, 0))

    def start(self):
        """Starts to accept connections, and returns the address as HOST:PORT."""
        threading.Thread(target=self.serve, daemon=True).start()
        return f"{LOOPBACK}:{self.listener.getsockname()[1]}"

    def serve(self):
        while True:
            plain, _ = self.listener.accept()
            try:
                client = self.context.wrap_socket(plain, server_side=True)
            except OSError:
                continue
            upstream = socket.create_connection(self.upstream)
            for ends in ((client, upstream), (upstream, client)):
                threading.Thread(target=forward, args=ends, daemon=True).start()
