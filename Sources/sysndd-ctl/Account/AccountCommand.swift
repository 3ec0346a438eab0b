import ArgumentParser
import OpsCore

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Accounts of the application: the first administrator, and emergencies.",
        discussion: """
            EXAMPLE
              sysndd-ctl account add admin --role Administrator --email admin@example.org
            """,
        subcommands: [AccountAdd.self, AccountList.self, AccountSetPassword.self, AccountSetRole.self])
}

/// Where a password comes from; never from the command line, which everybody can read.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Make a password and print it, instead of asking for one.")
    var generate = false

    /// Asked for on a terminal, else generated.
    func newPassword() throws -> NewPassword {
        guard !generate, let typed = try PasswordPrompt.ask() else { return NewPassword() }
        return try NewPassword(typed: typed)
    }
}

/// What was done to an account, with its password where that was generated: it is shown this once.
struct AccountReport: Encodable {
    let account: AccountSummary
    @EncodedAsNull var password: String?

    init(_ account: AccountSummary, _ password: NewPassword? = nil) {
        self.account = account
        self.password = password.flatMap { $0.isGenerated ? $0.secret.exposed : nil }
    }

    var text: String {
        account.text + (password.map { "\npassword: \($0)" } ?? "")
    }
}

extension AccountSummary {
    var text: String {
        [
            String(userId), userName, userRole.rawValue, approved ? "approved" : "waiting",
            hasPassword ? "has a password" : "no password", email ?? "-",
        ].joined(separator: "  ")
    }
}

extension Role: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
