using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Notices;

/// <summary>The webhooks as a person looks at them.</summary>
/// <param name="outbox"><see langword="null"/> when the settings have none.</param>
internal sealed class Webhooks(TimeProvider clock, NoticeOutbox? outbox = null) : IWebhooks
{
    public IReadOnlyList<WebhookState> List() =>
    [
        .. (outbox?.Lines ?? []).Select(line => new WebhookState(
            line.Target.Name, line.Target.Place, [.. line.Target.Events.Order()], line.Waiting, line.Posted, line.Lost,
            line.LastPostedAt, line.LastError?.Text, line.LastError?.At, line.PausedUntil, line.IsGone)),
    ];

    public async Task<WebhookAnswer?> TryAsync(string name, CancellationToken cancellationToken)
    {
        if (outbox?.Lines.FirstOrDefault(line => line.Target.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } line)
            return null;

        using var client = new WebhookClient(line.Target, clock);
        var sample = outbox.Sample();
        return await client.PostAsync(sample.Id, sample.ToJson(), cancellationToken);
    }
}
