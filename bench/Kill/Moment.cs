namespace MailSuite.Bench.Kill;

/// <summary>When the program is killed: at any time, or at what the other side of a connection sees of a commit point.</summary>
internal enum Moment
{
    /// <summary>At any time while mail comes and goes.</summary>
    AnyTime,

    /// <summary>A client has sent its dot and has no reply: around the commit of acceptance.</summary>
    DotSent,

    /// <summary>A client has read its 250: just after that commit.</summary>
    Accepted,

    /// <summary>The next host has heard RCPT.</summary>
    AtRcpt,

    /// <summary>The next host has the message and has not answered.</summary>
    AtDot,

    /// <summary>The next host has written its 250: before the commit of the settlement, or around it.</summary>
    Taken,

    /// <summary>The next host has heard the command after its 250: just after that commit.</summary>
    AfterTaken,

    /// <summary>The next host has refused a recipient: between the commit of the failure and that of its report.</summary>
    Refused,

    /// <summary>The next host has a report and has not answered.</summary>
    AtReport,
}
