/*
 * replay.c
 *	  Gives a fuzzer's function the files of a corpus, one after another: what
 *	  make test does, where libFuzzer need not be.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MOST (1 << 20)

int
main(int count, char **file)
{
	for (int i = 1; i < count; i++)
	{
		FILE *in = fopen(file[i], "rb");
		uint8_t *whole = malloc(MOST);
		uint8_t *exact;
		size_t size;

		if (in == NULL)
			return 1;
		size = fread(whole, 1, MOST, in);
		fclose(in);
		/* of its exact size, so that the address sanitizer sees a step beside it */
		exact = malloc(size + (size == 0));
		for (size_t b = 0; b < size; b++)
			exact[b] = whole[b];
		free(whole);
		LLVMFuzzerTestOneInput(exact, size);
		free(exact);
	}
	printf("%sok 1 - %d inputs\n1..1\n", count > 1 ? "" : "not ", count - 1);
	return 0;
}
