import Foundation
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Certificates for tests, made with the `openssl` program.
enum Certificates {
    /// Makes `ca.pem`, and `server.pem` with `server.key` for the name `localhost` signed by it. The server's account may
    /// be another one than ours, so its files are readable for all.
    static func make(in folder: String) async throws {
        let validity = ["-days", "2", "-nodes"]
        try await openssl(
            ["req", "-x509", "-newkey", "rsa:2048", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA"]
                + validity, folder)
        try await openssl(
            [
                "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj",
                "/CN=localhost",
            ],
            folder)
        try await openssl(
            [
                "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                "server.pem", "-days", "2",
            ], folder)
        for name in ["", "/server.pem", "/server.key", "/ca.pem"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: name.isEmpty ? 0o755 : 0o644], ofItemAtPath: folder + name)
        }
    }

    private static func openssl(_ arguments: [String], _ folder: String) async throws {
        let result = try await Subprocess.run(
            .name("openssl"), arguments: Arguments(arguments), workingDirectory: FilePath(folder),
            output: .discarded, error: .string(limit: 1 << 16))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }
}
