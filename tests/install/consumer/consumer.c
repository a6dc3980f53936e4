/* consumer.c - a stranger's program: draws from one addressed stream of the installed library and prints what it got.
 */
#include <stdio.h>

#include <uxosim/rng.h>

int main(void)
{
    const uxo_key key = uxo_key_make(20220225, UXO_LEVEL_STRIKE, "a strike");
    uxo_stream stream = uxo_stream_at(key, 0, 0, UXO_PURPOSE_CARRIER);
    uxo_stream again = stream;
    for (int i = 0; i < 4; i++) {
        const double uniform = uxo_stream_uniform(&stream);
        if (!(uniform > 0.0 && uniform < 1.0) || uniform != uxo_stream_uniform(&again)) {
            return 1;
        }
        printf("%.17g\n", uniform);
    }
    return 0;
}
