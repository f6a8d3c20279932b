using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Notices;

/// <summary>A row of the outbox, for one target.</summary>
/// <param name="Id">The one that is posted, the same at each attempt and for each target.</param>
/// <param name="WrittenAt">By the clock on the wall.</param>
/// <param name="Attempts">Posts that were in vain.</param>
internal sealed record Notice(long Key, string Id, string Json, DateTimeOffset WrittenAt, int Attempts);

/// <summary>A row that is to be written.</summary>
internal sealed record NewNotice(DeliveryEvent What, string Target, string Id, string Json);

/// <summary>What a start finds of a row.</summary>
/// <param name="Target">Its name, whether or not the settings still have it.</param>
internal readonly record struct NoticeEntry(long Key, string Target, int Attempts, DateTimeOffset NextAttemptAt);
