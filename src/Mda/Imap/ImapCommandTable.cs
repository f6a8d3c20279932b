using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Mda.Imap.Commands;

namespace MailSuite.Mda.Imap;

/// <summary>The commands that there are, by name.</summary>
internal sealed class ImapCommandTable
{
    private const int MaxName = 32;

    private readonly FrozenDictionary<string, IImapCommand> _commands;
    private readonly FrozenDictionary<string, IImapCommand>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public ImapCommandTable(IEnumerable<IImapCommand> commands)
    {
        All = [.. commands];
        _commands = All.ToFrozenDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);
        _byName = _commands.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<IImapCommand> All { get; }

    /// <summary>Finds the command at the head of a line; <c>UID</c> and the word behind it are one name.</summary>
    /// <param name="line">What follows the tag and its space.</param>
    /// <param name="nameOctets">How long the name is.</param>
    public bool TryFind(ReadOnlySpan<byte> line, [NotNullWhen(true)] out IImapCommand? command, out int nameOctets)
    {
        nameOctets = WordAt(line);
        if (nameOctets == 3 && Ascii.EqualsIgnoreCase(line[..3], "UID"u8) && line.Length > 4 && line[3] == ' ')
            nameOctets = 4 + WordAt(line[4..]);

        command = null;
        if (nameOctets is 0 or > MaxName)
            return false;

        Span<char> name = stackalloc char[MaxName];
        Encoding.Latin1.GetChars(line[..nameOctets], name);
        return _byName.TryGetValue(name[..nameOctets], out command);
    }

    private static int WordAt(ReadOnlySpan<byte> line) => line.IndexOf((byte)' ') is var end and >= 0 ? end : line.Length;
}
