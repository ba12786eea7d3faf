using System.Buffers.Binary;

namespace StorageLab.Host.Docker;

/// <summary>The smallest program that waits: a static ELF executable for x86-64 which calls pause(2) for ever.</summary>
/// <remarks>Listings know the names and sizes of programs, not their bytes. A file of an image that may be executed begins with this program, so that
/// a container can start whatever the scenario names and still holds every file in its own size; what follows the program is never read.
/// Source of the layout: elf(5).</remarks>
public static class PauseProgram
{
    /// <summary>The only architecture it is written for, as <c>docker info</c> names it.</summary>
    public const string Architecture = "x86_64";

    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const ulong LoadAddress = 0x400000;

    // mov eax, 34 (pause); syscall; jmp to the beginning
    private static readonly byte[] Code = [0xB8, 0x22, 0x00, 0x00, 0x00, 0x0F, 0x05, 0xEB, 0xF7];

    private static readonly byte[] Whole = Build();

    public static ReadOnlySpan<byte> Bytes => Whole;

    private static byte[] Build()
    {
        var file = new byte[HeaderBytes + ProgramHeaderBytes + Code.Length];
        Span<byte> header = file;
        // Magic, 64 bit, little endian, version 1.
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + HeaderBytes + ProgramHeaderBytes); // entry
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderBytes); // program headers
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], ProgramHeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);

        Span<byte> segment = header[HeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1); // PT_LOAD
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5); // read, execute
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 4096); // alignment

        Code.CopyTo(segment[ProgramHeaderBytes..]);
        return file;
    }
}
