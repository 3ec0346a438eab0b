/// How a private server is to be run.
public struct ServerOptions: Sendable {
    /// What a crash of the machine may cost.
    public enum Durability: Sendable {
        /// Committed is committed.
        case full
        /// Everything may be lost with the machine, nothing with the process; much faster.
        case none
    }

    /// See `Durability`.
    public var durability: Durability
    /// The application's database, made if it is missing: letters, digits and `_`.
    public var databaseName: String
    /// The application's user, made if it is missing: letters, digits and `_`. It owns the database and every other
    /// whose name starts with its name.
    public var userName: String
    /// Options of the server's option file that are added to the built-in ones or replace them, for example
    /// `["general-log": "1"]`. Not for secrets.
    public var settings: [String: String]
    /// How long the server may take until it answers, recovery after a crash included.
    public var startTimeout: Duration
    /// How long the server may take to shut down before it is killed.
    public var stopGrace: Duration
    /// The account that root runs the server under.
    var accountName = "mysql"

    /// Options with the defaults of a development stack.
    public init(
        durability: Durability = .full, databaseName: String = "sysndd_db", userName: String = "sysndd",
        settings: [String: String] = [:], startTimeout: Duration = .seconds(60), stopGrace: Duration = .seconds(20)
    ) {
        self.durability = durability
        self.databaseName = databaseName
        self.userName = userName
        self.settings = settings
        self.startTimeout = startTimeout
        self.stopGrace = stopGrace
    }

    /// - Throws: `DevStackError` with code `invalid_setting`.
    func validate() throws {
        for name in [databaseName, userName] where !Self.isPlainName(name) {
            throw DevStackError(.invalidSetting, "\(name) is no usable name", hint: "use letters, digits and _")
        }
        for name in settings.keys
        where !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }) {
            throw DevStackError(.invalidSetting, "\(name) is no option of the server", hint: "check its spelling")
        }
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 64 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
