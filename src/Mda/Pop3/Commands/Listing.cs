using System.Buffers.Text;
using System.Text;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>The lines of LIST and UIDL, one for each message that is not deleted, sent at the pace of the client.</summary>
internal static class Listing
{
    /// <param name="write">Writes what stands behind the number, and tells its octets.</param>
    public static async ValueTask SendAsync(Pop3Session session, Pop3Reply head, WriteItem write)
    {
        var maildrop = session.Maildrop;
        session.Connection.Write(head);
        for (var number = 1; number <= maildrop.LastNumber; number++)
        {
            if (maildrop.IsDeleted(number))
                continue;

            WriteLine(session, number, write);
            if (!await session.Connection.MakeRoomAsync())
                return;
        }

        session.Connection.Write(".\r\n"u8);
    }

    /// <param name="target">Has room for 64 octets.</param>
    internal delegate int WriteItem(Maildrop maildrop, int number, Span<byte> target);

    private static void WriteLine(Pop3Session session, int number, WriteItem write)
    {
        const int MaxItem = 64;
        Span<byte> line = stackalloc byte[16 + MaxItem];
        Utf8Formatter.TryFormat(number, line, out var at);
        line[at++] = (byte)' ';
        at += write(session.Maildrop, number, line[at..(at + MaxItem)]);
        line[at++] = (byte)'\r';
        line[at++] = (byte)'\n';
        session.Connection.Write(line[..at]);
    }

    public static int WriteOctets(Maildrop maildrop, int number, Span<byte> target)
    {
        Utf8Formatter.TryFormat(maildrop.OctetsOf(number), target, out var written);
        return written;
    }

    public static int WriteUniqueId(Maildrop maildrop, int number, Span<byte> target) => Encoding.ASCII.GetBytes(maildrop.UniqueIdOf(number), target);
}
