/// A program to be started as a `DetachedProcess`.
public struct DetachedProgram: Sendable {
    /// Path of the program file. It must stay that program: one that executes another is no longer recognised.
    public var executable: String
    /// Its arguments, without its own name. Everybody on the machine can read them: no secrets.
    public var arguments: [String]
    /// Variables added to its environment.
    public var environment: [String: String]
    /// Whether the variables of the starting process are passed on too.
    public var inheritsEnvironment: Bool
    /// Its working folder, nil for that of the starting process.
    public var workingFolder: String?
    /// The file that its output and its error output are appended to; made with mode 0600.
    public var logFile: String
    /// A descriptor that becomes its standard input; nil for none.
    var input: Int32?

    /// Describes a program; see the properties.
    public init(
        _ executable: String, arguments: [String] = [], environment: [String: String] = [:],
        inheritsEnvironment: Bool = true, workingFolder: String? = nil, logFile: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.inheritsEnvironment = inheritsEnvironment
        self.workingFolder = workingFolder
        self.logFile = logFile
    }
}
