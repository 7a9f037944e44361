package phones

import "encoding/binary"

// silence is a voice message of one second in which nobody speaks: Opus in Ogg (RFC 7845), as Telegram's apps record.
func silence() []byte {
	head := append([]byte("OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00"), 0, 0, 0)
	tags := []byte("OpusTags\x04\x00\x00\x00demo\x00\x00\x00\x00")
	out := oggPage(nil, 2, 0, 0, [][]byte{head})
	out = oggPage(out, 0, 0, 1, [][]byte{tags})
	quiet := make([][]byte, 50) // frames of 20 ms
	for i := range quiet {
		quiet[i] = []byte{0xf8, 0xff, 0xfe}
	}
	return oggPage(out, 4, 48000, 2, quiet)
}

func oggPage(out []byte, flags byte, position uint64, number uint32, packets [][]byte) []byte {
	p := append([]byte("OggS\x00"), flags)
	p = binary.LittleEndian.AppendUint64(p, position)
	p = binary.LittleEndian.AppendUint32(p, 1) // the stream
	p = binary.LittleEndian.AppendUint32(p, number)
	p = append(p, 0, 0, 0, 0, byte(len(packets)))
	for _, q := range packets {
		p = append(p, byte(len(q)))
	}
	for _, q := range packets {
		p = append(p, q...)
	}
	binary.LittleEndian.PutUint32(p[22:], oggSum(p))
	return append(out, p...)
}

// oggSum is a CRC-32 that, unlike hash/crc32, does not reflect its bits.
func oggSum(page []byte) (sum uint32) {
	for _, b := range page {
		sum ^= uint32(b) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
