extension ForeignDump.Tool {
    /// Knows a tool by the comments at the beginning of its dumps.
    ///
    /// `-- MySQL dump 10.13  Distrib 8.0.36, …` is mysqldump's, and with `MariaDB` in the version an older
    /// mariadb-dump's; newer ones write `-- MariaDB dump 10.19-11.4.2-MariaDB, …`.
    init(header: [ScriptComment]) {
        for comment in header {
            let text = comment.text
            if text.hasPrefix("MariaDB dump ") || text.hasPrefix("MySQL dump ") && text.contains("MariaDB") {
                self = .mariadbDump
            } else if text.hasPrefix("MySQL dump ") {
                self = .mysqldump
            } else if text.hasPrefix("phpMyAdmin SQL Dump") || text.hasPrefix("phpMyAdmin MySQL-Dump") {
                self = .phpMyAdmin
            } else if text.hasPrefix("sysndd-ctl archive format ") {
                self = .sysnddCtl
            } else {
                continue
            }
            return
        }
        self = .unknown
    }

    /// mydumper writes no comments; its files begin with these statements, up to version 0.10 with the first one.
    static func isMydumper(_ statement: [UInt8], _ number: Int) -> Bool {
        number == 1
            ? statement.starts(with: "/*!40101 SET NAMES binary*/".utf8)
            : statement.starts(with: "/*!40014 SET FOREIGN_KEY_CHECKS=0*/".utf8)
    }
}
