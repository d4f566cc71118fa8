; Start-up code of the arithmetic torture ROM.
	.module crt0
	.globl _main
	.area _HEADER (ABS)
	.org 0x100
	nop
	jp start
	.area _HOME
	.area _CODE
	.area _INITIALIZER
	.area _GSINIT
	.area _GSFINAL
	.area _DATA
	.area _INITIALIZED
	.area _BSS
	.area _HEAP
	.area _CODE
start:
	di
	ld sp,#0xDFFE
	call gsinit
	call _main
1$:	halt
	nop
	jr 1$
	.area _GSINIT
gsinit::
	.area _GSFINAL
	ret
