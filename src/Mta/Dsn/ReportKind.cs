namespace MailSuite.Mta.Dsn;

/// <summary>What a report is about; one report has one kind of news, of one recipient or several.</summary>
internal enum ReportKind
{
    /// <summary>They will not get it.</summary>
    Failed,

    /// <summary>They have not got it yet; it is tried further.</summary>
    Delayed,

    /// <summary>They have it, or it is at a host from which no more will be heard.</summary>
    Succeeded,
}
