namespace MailSuite.Mda.Store.Model;

/// <summary>What an account sent within one hour.</summary>
internal sealed class SentHourRow
{
    public long AccountId { get; init; }

    /// <summary>Hours since 1970, in UTC.</summary>
    public long Hour { get; init; }

    public long Messages { get; init; }

    public long Recipients { get; init; }
}
