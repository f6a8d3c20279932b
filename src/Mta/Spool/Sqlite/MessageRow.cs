using MailSuite.Mta.Envelope;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of accepted messages.</summary>
internal sealed class MessageRow
{
    public long Id { get; init; }

    public required string QueueId { get; init; }

    public required Guid Journey { get; init; }

    public Guid? Related { get; init; }

    public required Guid Delivery { get; init; }

    /// <summary>Empty for the null reverse-path.</summary>
    public required string ReversePath { get; init; }

    public required BodyType Body { get; init; }

    public required bool SmtpUtf8 { get; init; }

    public required long Octets { get; init; }

    /// <summary>The name of the body's file; <see langword="null"/> when the body is in <see cref="BodyRow"/>.</summary>
    public string? BodyFile { get; init; }

    /// <summary>Milliseconds since 1970, UTC, as all instants of this database.</summary>
    public required long AcceptedAt { get; init; }

    /// <summary>ENVID, decoded.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>RET.</summary>
    public ReturnContent? Return { get; init; }

    /// <summary>The instant of BY.</summary>
    public long? DeliverBy { get; init; }

    /// <summary>Whether BY said R.</summary>
    public required bool DeliverByReturns { get; init; }

    /// <summary>Whether BY said T.</summary>
    public required bool DeliverByTraces { get; init; }

    /// <summary>MT-PRIORITY.</summary>
    public int? Priority { get; init; }

    /// <summary>The instant of HOLDFOR or HOLDUNTIL.</summary>
    public long? HoldUntil { get; init; }

    /// <summary>The words of it.</summary>
    public string? HoldRequest { get; init; }

    /// <summary>Whether a policy has put it in quarantine: for the Junk mailbox.</summary>
    public required bool Junk { get; init; }
}
