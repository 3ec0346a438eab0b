import Foundation
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Certificates of mail servers, good ones and others, all with the key `server.key` and, but for one, by the authority
/// `ca.pem`.
struct MailCertificates: Sendable {
    enum Kind: String, CaseIterable {
        case good, expired, early, stranger, selfSigned
    }

    let folder: String

    var authority: String { folder + "/ca.pem" }

    /// Options of a server of `Servers/` that shows such a certificate.
    func options(_ kind: Kind) -> [String: any Sendable] {
        ["cert": "\(folder)/\(kind.rawValue).pem", "key": "\(folder)/server.key"]
    }

    static func make(in folder: String) async throws -> MailCertificates {
        let made = MailCertificates(folder: folder)
        try await made.openssl("genrsa", "-out", "server.key", "2048")
        try await made.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj",
            "/O=Tests/CN=Test CA", "-days", "30")
        try Data().write(to: URL(filePath: folder + "/index.txt"))
        try Data(Self.configuration.utf8).write(to: URL(filePath: folder + "/ca.cnf"))
        try await made.sign(.good, name: "localhost")
        try await made.sign(.stranger, name: "elsewhere.example.org")
        try await made.sign(.expired, name: "localhost", from: "20200101000000Z", to: "20200201000000Z")
        try await made.sign(.early, name: "localhost", from: "20900101000000Z", to: "20900201000000Z")
        try await made.openssl(
            "req", "-x509", "-key", "server.key", "-out", "selfSigned.pem", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-days", "30")
        return made
    }

    private func sign(_ kind: Kind, name: String, from: String? = nil, to: String? = nil) async throws {
        let request = "\(kind.rawValue).csr"
        try await openssl(
            "req", "-new", "-key", "server.key", "-out", request, "-subj", "/CN=\(name)", "-addext",
            "subjectAltName=DNS:\(name)")
        let dates = from.flatMap { from in to.map { ["-startdate", from, "-enddate", $0] } } ?? ["-days", "30"]
        try await openssl(
            ["ca", "-batch", "-config", "ca.cnf", "-in", request, "-out", "\(kind.rawValue).pem", "-notext"] + dates)
    }

    private func openssl(_ arguments: String...) async throws { try await openssl(arguments) }

    private func openssl(_ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .name("openssl"), arguments: Arguments(arguments), workingDirectory: FilePath(folder),
            output: .discarded, error: .string(limit: 1 << 16))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    private static let configuration = """
        [ca]
        default_ca = tests
        [tests]
        certificate = ca.pem
        private_key = ca.key
        database = index.txt
        new_certs_dir = .
        rand_serial = yes
        unique_subject = no
        default_md = sha256
        policy = any
        copy_extensions = copy
        [any]
        commonName = supplied
        """
}
