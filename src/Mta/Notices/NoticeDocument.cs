using System.Text.Json;
using System.Text.Json.Serialization;

namespace MailSuite.Mta.Notices;

/// <summary>The JSON of a notice, about one recipient. Members are added, never renamed; README.md explains each.</summary>
internal sealed record NoticeDocument(
    string Event, string Id, DateTimeOffset At, string? QueueId, Guid? Journey, string? MessageId, string? Sender, string? Recipient,
    string? Status, string? Reason, string? Host, string? Reply, int Attempts, DateTimeOffset? NextAttemptAt)
{
    public string ToJson() => JsonSerializer.Serialize(this, NoticeJson.Default.NoticeDocument);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NoticeDocument))]
internal sealed partial class NoticeJson : JsonSerializerContext;
