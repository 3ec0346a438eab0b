import Glibc

/// The folder that holds everything of one development stack, and the names in it.
///
/// `data/` is the server's data folder, `tmp/` its temporary files, `run/` its socket (a link to a short path where the
/// folder's own is too long for a socket), `log/` the logs; passwords, process records and remembered choices are
/// single files.
public struct StackFolder: Sendable, Hashable {
    /// The folder's name in the working folder, unless told otherwise.
    public static let defaultName = ".sysndd"

    /// Absolute path, free of symbolic links as far as it exists.
    public let path: String

    /// The stack in that folder, which need not exist yet; a relative path counts from the working folder.
    public init(_ path: String = StackFolder.defaultName) {
        self.path = Self.resolved(path)
    }

    /// The server's data folder.
    public var data: String { file("data") }
    /// The folder of the server's socket, possibly a link.
    public var run: String { file("run") }
    /// The folder of all logs.
    public var log: String { file("log") }
    /// What the server prints.
    public var serverLog: String { file("log/database.log") }
    /// The password of the application's database user.
    public var password: String { file("password") }
    /// The password of the server's root user.
    public var rootPassword: String { file("root-password") }
    /// Choices remembered between starts; see `StackState`.
    public var state: String { file("state.json") }
    /// Held by whoever brings the whole stack up or down; the parts use locks of their own.
    public var stackLock: String { file("stack.lock") }

    /// The server's temporary tables and files.
    var temporary: String { file("tmp") }
    /// The server's option file.
    var serverOptions: String { file("server.cnf") }
    /// The statements that the server executes when it starts.
    var serverStatements: String { file("server.sql") }
    /// The record of the running server.
    var serverProcess: String { file("server.process") }
    /// Held while the server is started or stopped.
    var serverLock: String { file("server.lock") }
    /// Held while `state` is changed.
    var stateLock: String { file("state.lock") }

    /// A path inside the folder, for parts that other code adds to the stack.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// True when the folder is there.
    public var exists: Bool { PrivateFile.exists(path) }

    /// Makes the folder and its log folder, mode 0700. Calling it again does no harm.
    ///
    /// - Throws: `DevStackError` with code `file_unusable`.
    public func prepare() throws {
        if let found = PrivateFile.information(path), geteuid() != 0, found.st_uid != geteuid() {
            throw DevStackError(.fileUnusable, "\(path) belongs to another user", hint: "choose another folder")
        }
        if !exists { try PrivateFile.makeFolder(path) }
        if !PrivateFile.exists(log) { try PrivateFile.makeFolder(log) }
        let ignore = file(".gitignore")
        // Passwords and data must not be committed, whatever repository the folder lies in.
        if !PrivateFile.exists(ignore) { try PrivateFile.write("*\n", to: ignore) }
    }

    private static func resolved(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : workingFolder + "/" + path
        if let real = real(absolute) { return real }
        var parts = absolute.split(separator: "/")
        guard let last = parts.popLast() else { return "/" }
        let parent = resolved("/" + parts.joined(separator: "/"))
        return parent == "/" ? "/\(last)" : "\(parent)/\(last)"
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    private static var workingFolder: String { real(".") ?? "/" }
}
