using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Maildrop;

/// <summary>The outcome of a submission as lines of text, the answer to a drop on the private socket.</summary>
public static class DropAnswer
{
    /// <summary>Characters of an answer at most.</summary>
    public const int MaxCharacters = 1024 * 1024;

    public static string Of(SubmissionOutcome outcome)
    {
        var text = new StringBuilder();
        switch (outcome)
        {
            case SubmissionOutcome.Accepted accepted:
                text.Append("accepted ").Append(accepted.QueueId).Append('\n');
                break;
            case SubmissionOutcome.Refused refused:
                text.Append("refused ").Append(refused.Status).Append(' ').Append(OneLine(refused.Reason)).Append('\n');
                foreach (var recipient in refused.Recipients)
                    text.Append(recipient).Append('\n');
                break;
            case SubmissionOutcome.Deferred deferred:
                text.Append("deferred ").Append(deferred.Status).Append(' ').Append(OneLine(deferred.Reason)).Append('\n');
                break;
            default:
                throw new InvalidOperationException($"There is no outcome {outcome}.");
        }

        return text.ToString();
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out SubmissionOutcome? outcome)
    {
        outcome = null;
        if (!text.EndsWith('\n'))
            return false;

        var lines = text[..^1].Split('\n');
        var word = lines[0].Split(' ', 2);
        if (word.Length < 2)
            return false;
        if (word[0] == "accepted" && lines.Length == 1)
        {
            outcome = new SubmissionOutcome.Accepted(word[1]);
            return true;
        }

        var parts = word[1].Split(' ', 2);
        if (parts.Length < 2 || !EnhancedStatusCode.TryReadPrefix(parts[0], out var status))
            return false;
        var recipients = new List<EnvelopeAddress>();
        foreach (var line in lines.AsSpan(1))
        {
            if (!EnvelopeAddress.TryParse(line, out var recipient))
                return false;
            recipients.Add(recipient);
        }

        outcome = word[0] switch
        {
            "refused" => new SubmissionOutcome.Refused(status, parts[1], recipients),
            "deferred" when recipients.Count == 0 => new SubmissionOutcome.Deferred(status, parts[1]),
            _ => null,
        };
        return outcome is not null;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
