import FoundationEssentials
import Glibc

@testable import DevStack

/// A stack folder that is gone, with whatever runs in it, when the test is over or the test process dies.
func withStack(
    below name: String? = nil, _ body: (StackFolder) async throws -> Void
) async throws {
    let root = try TemporaryFolder.make(prefix: "/tmp/sysndd-stack-")
    defer { try? PrivateFile.remove(root) }
    let folder = StackFolder(name.map { "\(root)/\($0)" } ?? root)
    let watch = try await OwnerWatch(over: folder)
    do {
        try await body(folder)
    } catch {
        try? await watch.release()
        throw error
    }
    try await watch.release()
}

extension EmbeddedServer {
    /// A fast server, for everything that does not depend on durability.
    init(quick folder: StackFolder, settings: [String: String] = [:]) {
        let options = ServerOptions(durability: .none, settings: settings)
        self.init(folder: folder, options: options)
    }
}

/// Asks the server through the plain client, over TCP, as the application's user or as root.
func query(_ sql: String, on endpoint: ServerEndpoint, asRoot: Bool = false) async throws -> String {
    let options = "/tmp/sysndd-client-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    defer { unlink(options) }
    let (user, password) = asRoot ? ("root", endpoint.rootPassword) : (endpoint.userName, endpoint.password)
    let text = "[client]\nhost=127.0.0.1\nport=\(endpoint.port)\nuser=\(user)\npassword=\(password.value)\n"
    try PrivateFile.write(text, to: options)
    let arguments = ["--defaults-file=\(options)", "-BN", "-e", sql, endpoint.databaseName]
    return String(try await Command.run("mariadb", arguments).dropLast())
}

/// A harmless process that would run for a minute.
func launchSleeper(_ folder: StackFolder) async throws -> DetachedProcess {
    try folder.prepare()
    return try await .launch(DetachedProgram("/bin/sleep", arguments: ["60"], logFile: folder.file("sleep.log")))
}

/// The error that `body` throws.
func failure(_ body: () async throws -> Void) async -> DevStackError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? DevStackError
    }
}
