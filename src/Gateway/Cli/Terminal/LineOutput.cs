using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Cli;

/// <summary>Lines that go on until nobody reads them. The console of .NET ignores that a pipe was closed: <c>| head</c> would never end.</summary>
internal sealed class LineOutput : IDisposable
{
    private const int StandardOutput = 1;

    private readonly TextWriter _writer;
    private readonly bool _isOwn;

    /// <param name="output">The command's.</param>
    public LineOutput(TextWriter output)
    {
        _isOwn = ReferenceEquals(output, Console.Out) && Console.IsOutputRedirected;
        _writer = _isOwn
            ? new StreamWriter(new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0), new UTF8Encoding(false)) { NewLine = "\n" }
            : output;
    }

    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public void Write(IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines)
            {
                _writer.WriteLine(line);
            }

            _writer.Flush();
        }
        catch (IOException e)
        {
            throw new OutputClosedException(e);
        }
    }

    public void Dispose()
    {
        if (!_isOwn)
        {
            return;
        }

        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // What it still held, nobody reads.
        }
    }
}

/// <summary>Whoever read the output is gone.</summary>
internal sealed class OutputClosedException(Exception inner) : Exception("the output was closed", inner);
