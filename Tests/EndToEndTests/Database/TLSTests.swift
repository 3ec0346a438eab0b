import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

/// The TLS modes against servers with a certificate of a known authority, and against one without any.
@Suite struct TLSTests {
    /// A server that offers TLS with a certificate for `localhost`, and the file of its authority.
    static func withTLSServer(_ body: (DatabaseSettings, String) async throws -> Void) async throws {
        try await TestFolder.with { folder in
            try await Certificates.make(in: folder)
            let server = try await TestServer.start(
                settings: ["ssl-cert": folder + "/server.pem", "ssl-key": folder + "/server.key"])
            var settings = server.endpoint.rootSettings
            settings.socket = nil
            settings.database = "mysql"
            // Over TCP root is not let in from everywhere; the application's account is.
            settings.user = server.endpoint.userName
            settings.password = server.endpoint.settings.password
            settings.database = server.endpoint.databaseName
            do {
                try await body(settings, folder + "/ca.pem")
            } catch {
                try await server.stop()
                throw error
            }
            try await server.stop()
        }
    }

    private func version(_ settings: DatabaseSettings) async throws -> String? {
        try await DatabaseConnection(settings).run { $0.tlsVersion }
    }

    @Test func aServerWithTLSIsUsedAsTheModeSays() async throws {
        try await Self.withTLSServer { (settings: DatabaseSettings, authority: String) async throws in
            var settings = settings
            settings.tlsMode = .disabled
            #expect(try await version(settings) == nil)
            for mode in [TLSMode.preferred, .required] {
                settings.tlsMode = mode
                #expect(try await version(settings)?.hasPrefix("TLSv1.") == true, "\(mode)")
            }
            settings.tlsMode = .verifyCA
            settings.tlsCAFile = authority
            #expect(try await version(settings)?.hasPrefix("TLSv1.") == true)
            settings.host = "localhost"
            settings.tlsMode = .verifyIdentity
            #expect(try await version(settings)?.hasPrefix("TLSv1.") == true)
        }
    }

    @Test func aCertificateOfAnUnknownAuthorityIsRefusedWhereItIsVerified() async throws {
        try await Self.withTLSServer { (settings: DatabaseSettings, _: String) async throws in
            var settings = settings
            for mode in [TLSMode.verifyCA, .verifyIdentity] {
                settings.tlsMode = mode
                let error = await #expect(throws: DatabaseError.self) { try await DatabaseConnection(settings) }
                #expect(error?.kind == .tls, "\(mode): \(String(describing: error))")
                #expect(error?.exitStatus == .unreachable)
            }
        }
    }

    @Test func aServerWithoutTLSIsRefusedUnlessItIsOnlyPreferred() async throws {
        var settings = try await TestServer.shared().endpoint.settings
        settings.socket = nil
        settings.tlsMode = .preferred
        #expect(try await version(settings) == nil)
        for mode in [TLSMode.required, .verifyCA, .verifyIdentity] {
            settings.tlsMode = mode
            let error = await #expect(throws: DatabaseError.self) { try await DatabaseConnection(settings) }
            #expect(error?.kind == .tls, "\(mode): \(String(describing: error))")
        }
    }
}
