using System.Text.Json.Serialization;
using MailSuite.Mua.Api;

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
[JsonSerializable(typeof(Problem))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>What the API says when it says no (RFC 9457).</summary>
internal sealed record Problem(string? Title, string? Detail);
