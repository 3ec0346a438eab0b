/// The two programs of MariaDB that make and run a private server.
public struct ServerPrograms: Sendable, Equatable {
    /// Path of `mariadbd`.
    public let server: String
    /// Path of `mariadb-install-db`.
    public let installer: String

    /// Uses these two files.
    public init(server: String, installer: String) {
        self.server = server
        self.installer = installer
    }

    /// Looks for the programs in the caller's `PATH` and the usual folders for servers.
    ///
    /// - Throws: `DevStackError` with code `program_not_found`.
    public static func find() throws -> ServerPrograms { try find(in: ProgramSearch.path) }

    static func find(in path: String) throws -> ServerPrograms {
        ServerPrograms(
            server: try find("mariadbd", in: path),
            installer: try find("mariadb-install-db", in: path))
    }

    /// The version as the server prints it, for example `10.11.19-MariaDB-0+deb12u1`.
    func version() async throws -> String {
        let line = try await Command.run(server, ["--no-defaults", "--version"])
        let words = line.split(separator: " ")
        guard let label = words.firstIndex(of: "Ver"), label + 1 < words.count else {
            throw DevStackError(.commandFailed, "\(server) does not tell its version", hint: line)
        }
        return String(words[label + 1])
    }

    private static func find(_ name: String, in path: String) throws -> String {
        if let found = ProgramSearch.find(name, in: path) { return found }
        throw DevStackError(.programNotFound, "\(name) not found", hint: "run scripts/setup")
    }
}
