using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Outbox;

/// <summary>As much of SQLite as a queue needs, by P/Invoke. A database in WAL mode that syncs at every commit.</summary>
internal sealed unsafe partial class Sqlite : IDisposable
{
    private const string Library = "libsqlite3.so.0";
    private const int Row = 100;
    private const int Done = 101;

    private readonly List<nint> _statements = [];
    private readonly nint _database;

    public Sqlite(string path)
    {
        Check(Open(path, out _database));
        Run(Prepare("PRAGMA journal_mode=WAL"));
        Run(Prepare("PRAGMA synchronous=FULL"));
    }

    public nint Prepare(string sql)
    {
        Check(Prepare(_database, sql, -1, out var statement, 0));
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs a statement to its end, and makes it ready for the next time.</summary>
    public void Run(nint statement)
    {
        while (Next(statement))
        {
        }
    }

    /// <returns>true: there is a row; false: no more, and the statement is ready for the next time.</returns>
    public bool Next(nint statement)
    {
        switch (Step(statement))
        {
            case Row:
                return true;
            case Done:
                Check(Reset(statement));
                return false;
            case var error:
                throw Failure(error);
        }
    }

    public void Bind(nint statement, int at, long value) => Check(BindInt64(statement, at, value));

    /// <summary>The bytes must stay where they are until the statement has run.</summary>
    public void Bind(nint statement, int at, byte* bytes, int length, bool text = false) =>
        Check(text ? BindText(statement, at, bytes, length, 0) : BindBlob(statement, at, bytes, length, 0));

    public static long Int64(nint statement, int column) => ColumnInt64(statement, column);

    public static ReadOnlySpan<byte> Bytes(nint statement, int column)
    {
        var bytes = ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(bytes, ColumnBytes(statement, column));
    }

    public void Dispose()
    {
        _statements.ForEach(static s => Finalize(s));
        Close(_database);
    }

    private void Check(int result)
    {
        if (result != 0)
        {
            throw Failure(result);
        }
    }

    private InvalidOperationException Failure(int result) => new($"SQLite {result}: {Marshal.PtrToStringUTF8(ErrorMessage(_database))}");

    [LibraryImport(Library, EntryPoint = "sqlite3_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, out nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    private static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    private static partial nint ErrorMessage(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Prepare(nint database, string sql, int length, out nint statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    private static partial int Finalize(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    private static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    private static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    private static partial int BindInt64(nint statement, int at, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindText(nint statement, int at, byte* text, int length, nint free);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindBlob(nint statement, int at, byte* blob, int length, nint free);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    private static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    private static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    private static partial int ColumnBytes(nint statement, int column);
}
