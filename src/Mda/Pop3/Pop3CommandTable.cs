using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MailSuite.Mda.Pop3.Commands;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3;

/// <summary>The commands that the server understands, and what the others hear.</summary>
internal sealed class Pop3CommandTable
{
    private readonly FrozenDictionary<string, IPop3Command>.AlternateLookup<ReadOnlySpan<char>> _byKeyword;

    public Pop3CommandTable(IEnumerable<IPop3Command> commands)
    {
        All = [.. commands];
        _byKeyword = All.ToFrozenDictionary(command => command.Keyword, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<IPop3Command> All { get; }

    public bool TryFind(ReadOnlySpan<char> keyword, [NotNullWhen(true)] out IPop3Command? command) => _byKeyword.TryGetValue(keyword, out command);

    /// <summary>The response to a keyword that there is no command for.</summary>
    public static Pop3Reply ReplyToStranger(ReadOnlySpan<char> keyword) =>
        keyword.Equals("APOP", StringComparison.OrdinalIgnoreCase) ? Pop3Replies.ApopNotOffered : Pop3Replies.UnknownCommand;
}
