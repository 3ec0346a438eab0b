import DevStack
import Foundation
import OpsCore

/// A database server that database tests run on.
///
/// The embedded one is always there. More are named by `SYSNDD_TEST_SERVERS`, a comma-separated list of `NAME=URL` with
/// accounts that may do everything: `scripts/test-engines` sets it.
public struct TestTarget: Sendable, CustomStringConvertible {
    public let description: String
    private let url: String?

    /// The server that this repository starts by itself.
    public static let embedded = TestTarget(description: "embedded", url: nil)

    /// All servers, for `@Test(arguments: TestTarget.all)`.
    public static let all: [TestTarget] =
        [embedded]
        + (ProcessInfo.processInfo.environment["SYSNDD_TEST_SERVERS"] ?? "").split(separator: ",").map { entry in
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            precondition(parts.count == 2, "SYSNDD_TEST_SERVERS has an entry that is not NAME=URL")
            return TestTarget(description: parts[0], url: parts[1])
        }

    /// Whether servers may be killed, those of `scripts/engines` too, which nothing else may use meanwhile.
    public static let mayCrash = ProcessInfo.processInfo.environment["SYSNDD_TEST_CRASHES"] != nil

    /// Whether it is a MySQL server.
    public var isMySQL: Bool { description.hasPrefix("mysql") }

    /// How to reach it with all rights, without a default database.
    public func settings() async throws -> DatabaseSettings {
        guard let url else { return try await TestServer.shared().endpoint.rootSettings }
        return try SettingsReader(environment: ["DATABASE_URL": url], workingDirectory: "/", homeDirectory: "/").read()
            .database
    }
}
