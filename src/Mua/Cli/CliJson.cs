using System.Text.Json.Serialization;
using MailSuite.Mua.Api;
using MailSuite.Mua.Cli.Queue;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Cli;

/// <summary>The JSON of the API, and of <c>--json</c>, which prints what the API gave.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<MailboxView>))]
[JsonSerializable(typeof(MessageListView))]
[JsonSerializable(typeof(MessageDetailView))]
[JsonSerializable(typeof(SubmissionRequest))]
[JsonSerializable(typeof(SubmissionView))]
[JsonSerializable(typeof(IReadOnlyList<JourneyView>))]
[JsonSerializable(typeof(ClockView))]
[JsonSerializable(typeof(QueueListQuery))]
[JsonSerializable(typeof(QueuePage))]
[JsonSerializable(typeof(IReadOnlyList<QueuedMail>))]
[JsonSerializable(typeof(IReadOnlyList<RetiredMail>))]
[JsonSerializable(typeof(QueueSummary))]
[JsonSerializable(typeof(RetiredListQuery))]
[JsonSerializable(typeof(RetiredPage))]
[JsonSerializable(typeof(QueueOrderQuery))]
[JsonSerializable(typeof(QueuedMailDetail))]
[JsonSerializable(typeof(QueueMessageView))]
[JsonSerializable(typeof(IReadOnlyList<Suppression>))]
[JsonSerializable(typeof(SuppressionRequest))]
[JsonSerializable(typeof(SuppressionCount))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>The same, in one line each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(QueueOrderLine))]
internal sealed partial class CliJsonLines : JsonSerializerContext;

/// <summary>What the API says when it says no (RFC 9457).</summary>
internal sealed record Problem(string? Title, string? Detail);
