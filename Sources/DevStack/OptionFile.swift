/// The text of a server's option file.
enum OptionFile {
    /// Options that decide the layout of the data folder: the same when it is made and when it is used.
    static let layout = [
        ("innodb-data-file-path", "ibdata1:5M:autoextend"),
        // The tables of a new server take 8 MiB; the usual step would make the file 64 MiB larger at once.
        ("innodb-autoextend-increment", "1"),
    ]

    /// Everything the server is told. Options later in the file win, so those of the caller come last.
    static func text(
        folder: StackFolder, socket: String, port: UInt16, account: ServerAccount, options: ServerOptions
    ) -> String {
        var entries = [
            // A server that starts removes temporary tables from its folder for them, other servers' included: so each
            // has a folder of its own.
            ("datadir", folder.data), ("tmpdir", folder.temporary), ("socket", socket), ("pid-file", socket + ".pid"),
            ("init-file", folder.serverStatements), ("bind-address", "127.0.0.1"), ("port", String(port)),
        ]
        if let name = account.name { entries.append(("user", name)) }
        entries += layout + common
        if options.durability == .none { entries += carefree }
        entries += options.settings.sorted { $0.key < $1.key }
        return "[mysqld]\n" + entries.map { "\($0)=\(quoted($1))\n" }.joined()
    }

    private static let common = [
        ("skip-name-resolve", "1"), ("local-infile", "0"), ("character-set-server", "utf8mb4"),
        ("collation-server", "utf8mb4_unicode_ci"), ("default-time-zone", "+00:00"),
        (
            // What MySQL 8 is strict about, too.
            "sql-mode",
            "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
                + "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
        ),
        ("max-connections", "151"), ("max-allowed-packet", "64M"), ("performance-schema", "0"),
        ("innodb-buffer-pool-size", "64M"), ("innodb-log-file-size", "32M"),
        ("innodb-temp-data-file-path", "ibtmp1:1M:autoextend"), ("key-buffer-size", "1M"),
        ("aria-pagecache-buffer-size", "8M"),
        // No warning for each connection that is opened only to see whether the server answers.
        ("log-warnings", "1"),
    ]

    private static let carefree = [
        ("innodb-flush-log-at-trx-commit", "0"), ("innodb-doublewrite", "0"), ("innodb-flush-method", "nosync"),
        ("innodb-fast-shutdown", "2"), ("innodb-buffer-pool-dump-at-shutdown", "0"),
        ("innodb-buffer-pool-load-at-startup", "0"), ("innodb-stats-persistent", "0"), ("sync-frm", "0"),
        ("sync-binlog", "0"),
    ]

    /// A value in quotes, so that blanks and `#` in it mean themselves.
    static func quoted(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"\(text)\""
    }
}
