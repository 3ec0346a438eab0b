import Foundation

/// What the checks look at.
public struct PreflightOptions: Sendable {
    /// The settings, right or wrong.
    public var settings: SettingsInspection
    /// Base address of a running shim, such as `http://127.0.0.1:7777`; nil when none is to be asked.
    public var url: String?
    /// The compose file; nil for the one of the working directory, if there is one.
    public var composeFile: String?
    /// The example that `.env` is compared with; nil for `.env.example` beside it.
    public var envExample: String?
    /// The authorities that may sign the mail server's certificate; nil for the system's.
    public var mailAuthorityFile: String?

    public init(
        settings: SettingsInspection, url: String? = nil, composeFile: String? = nil, envExample: String? = nil,
        mailAuthorityFile: String? = nil
    ) {
        self.settings = settings
        self.url = url
        self.composeFile = composeFile
        self.envExample = envExample
        self.mailAuthorityFile = mailAuthorityFile
    }
}
