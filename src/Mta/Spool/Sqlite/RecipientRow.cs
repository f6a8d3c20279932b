using MailSuite.Mta.Envelope;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of recipients and of how far each of them is.</summary>
internal sealed class RecipientRow
{
    public long Id { get; init; }

    public required long MessageId { get; init; }

    public required string Address { get; init; }

    /// <summary>The domain that it goes to next, in A-labels.</summary>
    public required string Destination { get; init; }

    public required RecipientState State { get; init; }

    public required int Attempts { get; init; }

    public long? LastAttemptAt { get; init; }

    /// <summary>Given exactly in the state <see cref="RecipientState.Waiting"/>.</summary>
    public long? NextAttemptAt { get; init; }

    /// <summary>The enhanced status code of the last attempt.</summary>
    public string? Status { get; init; }

    public string? Reason { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteReply { get; init; }

    /// <summary>NOTIFY.</summary>
    public required Notify Notify { get; init; }

    /// <summary>ORCPT: type, semicolon, decoded address.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The hosts of a source route in A-labels, separated by commas.</summary>
    public string? Route { get; init; }

    /// <summary>Which reports of delay have been made.</summary>
    public required DelayWarnings Warned { get; init; }

    /// <summary>The message's priority, or 0: here for the index of what is urgent.</summary>
    public required int Priority { get; init; }

    /// <summary>Where a person has sent it: a host with or without a port, or the name of a transport. Before all that routing would say.</summary>
    public string? NextHop { get; init; }

    /// <summary>Stands for the reverse-path (<see cref="SenderKey"/>): here so that what waits for a destination can be read sender by sender.</summary>
    public required long Sender { get; init; }

    /// <summary>When something is to be decided or told whether or not its destination is tried (<see cref="NoticeTimes"/>); <see langword="null"/> for never.</summary>
    public long? NoticeAt { get; init; }
}
