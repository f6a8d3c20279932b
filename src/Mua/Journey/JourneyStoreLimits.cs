namespace MailSuite.Mua.Journey;

/// <summary>The bounds of recording and of looking up journeys.</summary>
internal static class JourneyStoreLimits
{
    /// <summary>Events that wait for the writer; more are dropped and counted. At 8,000 events a second this is six seconds of a stopped disk.</summary>
    internal const int MaxWaitingEvents = 50_000;

    /// <summary>Characters of all waiting events together, since one event may carry 200 lines of dialogue; 32 Mi characters are 64 MiB.</summary>
    internal const long MaxWaitingCharacters = 32L * 1024 * 1024;

    /// <summary>Events of one transaction.</summary>
    internal const int MaxBatch = 2_000;

    /// <summary>How long the first event of a batch waits for company: a message's events then share a transaction.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    /// <summary>How often what is too old or too much is removed.</summary>
    internal static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(5);

    /// <summary>Events removed in one transaction, so that recording never waits long behind a sweep.</summary>
    internal const int SweepChunk = 5_000;

    /// <summary>How long a look-up waits for events that were recorded just before it.</summary>
    internal static readonly TimeSpan ReadYourWrites = TimeSpan.FromSeconds(1);

    /// <summary>Events of one journey that are shown; a message to 1,000 recipients has some thousands.</summary>
    internal const int MaxEventsShown = 2_000;

    /// <summary>Journeys that one look-up gives.</summary>
    internal const int MaxFound = 100;

    /// <summary>Characters of a look-up; the rest of a longer one is not looked at.</summary>
    internal const int MaxQueryCharacters = 500;

    /// <summary>Recipients kept for finding a journey by address.</summary>
    internal const int MaxRecipientsKept = 100;
}
