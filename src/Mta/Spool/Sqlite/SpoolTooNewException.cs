namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The spool was written by a newer program, whose tables this one could damage.</summary>
internal sealed class SpoolTooNewException(string path, string migration) : Exception(
    $"{path} was written by a newer version of MailSuite (it has the change '{migration}', which this version does not know). "
    + "Nothing was changed. Start the newer version again, or put back the copy of the file that it made before the change.");
