using System.CommandLine;
using System.Text;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary><c>mailsuite send</c>: composes a message and submits it.</summary>
internal static class SendCommand
{
    private static readonly Option<EnvelopeAddress> From = AddressOption.Create("--from", "The account that sends", "-f");

    private static readonly Option<string[]> To = Recipients("--to", "Who gets it", "-t");

    private static readonly Option<string[]> Cc = Recipients("--cc", "Who gets a copy");

    private static readonly Option<string[]> Bcc = Recipients("--bcc", "Who gets a copy without the others knowing");

    private static readonly Option<string> Subject = new("--subject", "-s") { Description = "The subject", HelpName = "TEXT" };

    private static readonly Option<string> Body = new("--body", "-b") { Description = "The text; without it and --body-file, standard input", HelpName = "TEXT" };

    private static readonly Option<FileInfo> BodyFile = new("--body-file") { Description = "A file with the text, UTF-8", HelpName = "FILE" };

    private static readonly Option<FileInfo[]> Attach = new("--attach", "-a") { Description = "A file to attach; may be given several times", HelpName = "FILE" };

    private static readonly Option<string> InReplyTo = new("--in-reply-to") { Description = "The Message-ID that this answers", HelpName = "MESSAGE-ID" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print queue id, Message-ID and journey as JSON" };

    static SendCommand() => BodyFile.AcceptExistingOnly();

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var command = new Command("send", "Compose a message and send it") { From, To, Cc, Bcc, Subject, Body, BodyFile, Attach, InReplyTo, Json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Body) is not null && result.GetResult(BodyFile) is not null)
                result.AddError("Give the text by --body or by --body-file, not by both.");
            if (result.GetResult(To) is null && result.GetResult(Cc) is null && result.GetResult(Bcc) is null)
                result.AddError("Say who gets it: --to ADDRESS.");
            foreach (var file in (result.GetValue(Attach) ?? []).Where(file => !file.Exists))
                result.AddError($"There is no file {file.FullName} to attach.");
        });
        command.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => RunAsync(api, parsed, cancellationToken)));
        return command;
    }

    private static Option<string[]> Recipients(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = $"{description}; may be given several times", HelpName = "ADDRESS" };

    private static async Task RunAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var from = AddressOption.Required(parsed, From);
        var text = await TextAsync(parsed, cancellationToken);
        var message = new SubmissionRequest(
            parsed.GetValue(To) ?? [], parsed.GetValue(Cc) ?? [], parsed.GetValue(Bcc) ?? [], parsed.GetValue(Subject) ?? "", text, parsed.GetValue(InReplyTo));
        SubmissionView sent;
        try
        {
            sent = await api.SubmitAsync(from, message, parsed.GetValue(Attach) ?? [], cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(CommandExit.Failed, $"A file cannot be attached: {e.Message}");
        }

        var output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync(parsed.GetValue(Json)
            ? JsonSerializer.Serialize(sent, CliJson.Default.SubmissionView)
            : $"Sent as {sent.QueueId}, Message-ID <{sent.MessageId}>. Its way: mailsuite trace {sent.MessageId}");
    }

    private static async Task<string> TextAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Body) is { } text)
            return text;
        if (parsed.GetValue(BodyFile) is { } file)
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        if (!Console.IsInputRedirected)
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Type the text; end it with Ctrl+D on a line of its own (Windows: Ctrl+Z, Enter).");
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        return await input.ReadToEndAsync(cancellationToken);
    }
}
