using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MailSuite.Host.Configuration;
using MailSuite.Mta;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite route ADDRESS</c>: which way mail would leave, by the settings and the DNS of now. Nothing is sent.</summary>
internal static class RouteCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private static readonly Argument<string> Address = new("ADDRESS") { Description = "The recipient, or a domain alone for anybody there" };

    private static readonly Option<string> From = new("--from") { Description = "The sender; without it <>, as reports have", HelpName = "ADDRESS" };

    private static readonly Option<bool> AsJson = new("--json") { Description = "As JSON" };

    public static Command Create()
    {
        var command = new Command("route", "Tell which way mail to an address would leave, without sending any") { Address, From, AsJson };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var text = parsed.GetRequiredValue(Address);
            if (!EnvelopeAddress.TryParse(text.Contains('@', StringComparison.Ordinal) ? text : $"postmaster@{text}", out var recipient))
            {
                await error.WriteLineAsync($"mailsuite: '{text}' is no mail address and no domain.");
                return ExitCodes.Usage;
            }

            var sender = ReversePath.Null;
            if (parsed.GetValue(From) is { Length: > 0 } from and not "<>")
            {
                if (!EnvelopeAddress.TryParse(from, out var address))
                {
                    await error.WriteLineAsync($"mailsuite: '{from}' is no mail address.");
                    return ExitCodes.Usage;
                }

                sender = ReversePath.Of(address);
            }

            if (await OpenStore.SettingsAsync(parsed, "whose settings are meant") is not { } settings)
                return ExitCodes.Usage;
            if (WhyHere(settings, recipient) is { } here)
            {
                await output.WriteLineAsync(parsed.GetValue(AsJson) ? JsonSerializer.Serialize(new { here }, Json) : here);
                return ExitCodes.Ok;
            }

            var told = await MtaModule.TellRouteAsync(settings.Mta, recipient, sender, cancellationToken);
            if (parsed.GetValue(AsJson))
                await output.WriteLineAsync(JsonSerializer.Serialize(told, Json));
            else
                await WriteAsync(output, told);
            return told.First.Outcome switch
            {
                WayOutcome.Tried => ExitCodes.Ok,
                WayOutcome.Deferred => ExitCodes.TryAgain,
                _ => ExitCodes.Failed,
            };
        });
        return command;
    }

    /// <summary>Why its mail does not leave; <see langword="null"/> when it does.</summary>
    private static string? WhyHere(HostSettings settings, EnvelopeAddress recipient)
    {
        if (settings.Mda.EveryoneIsLocal)
            return "Every address is a mailbox here in the development profile: nothing leaves this machine.";
        if (!settings.Mda.Domains.Contains(recipient.Domain))
            return null;
        return settings.Mda.Aliases.TryGetValue(recipient, out var targets)
            ? $"{recipient} is an alias of this host: its mail goes to {string.Join(", ", targets)}."
            : $"The mailboxes of {recipient.Domain} are here: its mail does not leave.";
    }

    private static async Task WriteAsync(TextWriter output, RouteTold told)
    {
        await WriteAsync(output, told.First);
        if (told.Fallback is { } fallback)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync($"After {told.FallbackAfter} failed attempts:");
            await WriteAsync(output, fallback);
        }
    }

    private static async Task WriteAsync(TextWriter output, WayTold way)
    {
        await output.WriteLineAsync(way.Reason);
        if (way.Outcome != WayOutcome.Tried)
        {
            await output.WriteLineAsync(way.Outcome == WayOutcome.Bounced ? $"It would come back to its sender ({way.Status})." : $"It would wait ({way.Status}).");
            return;
        }

        foreach (var host in way.Hosts)
            await output.WriteLineAsync($"  {(host.Port == 0 ? host.Name : $"{host.Name}:{host.Port}")}  {host.Trouble ?? string.Join(' ', host.Addresses)}".TrimEnd());
        await output.WriteLineAsync($"  {(way.Protocol == RelayProtocol.Lmtp ? "LMTP" : "SMTP")}, {TlsOf(way)}{(way.UserName is { } user ? $", signed in as {user}" : "")}");
    }

    private static string TlsOf(WayTold way) => (way.ImplicitTls ? "TLS from the first octet, " : "") + way.Tls switch
    {
        TlsPolicy.None => "without TLS",
        TlsPolicy.Opportunistic => "TLS where it is offered, with any certificate",
        TlsPolicy.Encrypt => "TLS always, with any certificate",
        _ => "TLS always, with a certificate for the host's name",
    };
}
